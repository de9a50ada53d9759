// The site under load, and who is signed in there: once, before anything is measured.
import http, { type RefinedResponse } from "k6/http";

import { lasts } from "./sizes.ts";

const url = (__ENV["BASE_URL"] ?? "http://127.0.0.1:8000").replace(/\/+$/, "");
/** What the site calls itself, where that isn't the address at which it is asked. */
const origin = __ENV["ORIGIN"] ?? url;

/** A session is good for so many seconds without being renewed, and then some. */
const SESSION = 240;

type Answer = RefinedResponse<"text">;

export interface Session {
  headers: Record<string, string>;
  /** Tasks that were there before. */
  tasks: string[];
  /** Of an account that was made for the load, which has to be erased again. */
  password: string | null;
}

export const socketUrl = `${url.replace(/^http/, "ws")}/ws/events`;

export function get(session: Session, name: string, path: string): Answer {
  return http.get(`${url}/api/v1/${path}`, { headers: session.headers, tags: { name }, responseType: "text" });
}

export function post(session: Session, name: string, path: string, body?: object): Answer {
  const headers = { ...session.headers, "content-type": "application/json" };
  return http.post(`${url}/api/v1/${path}`, body ? JSON.stringify(body) : null, {
    ...{ headers, tags: { name }, responseType: "text" },
  });
}

/** The id of a new task, or null where it was refused; `name` is what its request counts as. */
export function create(session: Session, name = "create"): string | null {
  const answer = post(session, name, "tasks", {
    kind: "project_plan",
    prompt: "A library of seeds for neighbours",
  });
  return answer.status === 202 ? (answer.json("id") as string) : null;
}

/** Signs in, or makes an account, and makes so many tasks. */
export function enter(tasks: number): Session {
  const session: Session = { headers: { origin }, tasks: [], password: null };
  const [email, password] = [__ENV["EMAIL"], __ENV["PASSWORD"]];
  const who =
    email && password
      ? { how: "login", email, password }
      : { how: "register", name: "Load", email: `load-${unique()}@example.com`, password: unique() };
  const { how, ...body } = who;
  if (how === "register") session.password = body.password;
  signIn(session, `auth/${how}`, body);
  if (lasts > SESSION) carryKey(session);
  while (session.tasks.length < tasks) {
    const id = create(session, "before");
    if (id === null) throw new Error("Tasks are refused: a limit of this site is lower than the load.");
    session.tasks.push(id);
  }
  return session;
}

/** Keeps the cookies that an answer sets. */
function signIn(session: Session, path: string, body?: object): void {
  const answer = post(session, "sign-in", path, body);
  const cookies = Object.values(answer.cookies).flatMap((all) => all ?? []);
  if (cookies.length === 0) throw new Error(`Nobody can sign in at ${url}: ${answer.status} ${answer.body}`);
  session.headers["cookie"] = cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
}

/** A session that would have to be renewed meanwhile is exchanged for a key, which lasts. */
function carryKey(session: Session): void {
  const answer = post(session, "key", "api-keys", {
    ...{ name: "load", scopes: ["tasks:read", "tasks:write"], expires_at: null },
  });
  if (answer.status !== 201) throw new Error(`No key: ${answer.status} ${answer.body}`);
  session.headers["authorization"] = `Bearer ${answer.json("key") as string}`;
}

/** Leaves nothing of an account that was made for the load. */
export function leave(session: Session): void {
  const { headers, password } = session;
  if (password === null) return;
  if (headers["authorization"] !== undefined) {
    delete headers["authorization"]; // no key may erase an account
    signIn(session, "auth/refresh");
  }
  http.del(`${url}/api/v1/me`, JSON.stringify({ password }), {
    ...{ headers: { ...headers, "content-type": "application/json" }, tags: { name: "leave" } },
  });
}

const unique = (): string => Array.from({ length: 24 }, () => Math.floor(Math.random() * 36).toString(36)).join("");
