// `make start-prod` as somebody without a terminal runs it, in a copy of the project: what it starts goes on without it,
// comes back from every kill, and is gone after `make stop`.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { appendFileSync, existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";

import type { components } from "../web/lib/api/schema.d.ts";
import { RuledReader } from "../web/lib/streams/rules.ts";
import type { StackStatus } from "./lib/control.ts";
import { inCopy } from "./lib/copy.ts";
import { follow } from "./lib/follow.ts";
import { freePorts } from "./lib/ports.ts";
import { isAlive, marked } from "./lib/processes.ts";
import { until } from "./lib/ready.ts";

type Task = components["schemas"]["Task"];

const OTHERS =
  /^(DATABASE_URL|MIGRATION_DATABASE_URL|REDIS_URL|CELERY_BROKER_URL|JWT_KEYS|SECRET_KEY|SITE_URL|API_URL|ENVIRONMENT|MAKE.*|MFLAGS)$/;

interface Said {
  code: number | null;
  out: string;
}

class Folder {
  readonly path: string;
  readonly site: string;
  email = "";
  password = "";
  readonly #env: NodeJS.ProcessEnv;

  constructor(path: string, [web, api, postgres, valkey]: number[]) {
    this.path = path;
    this.site = `http://localhost:${web}`;
    const ours = Object.entries(process.env).filter(([name]) => !OTHERS.test(name));
    this.#env = {
      ...Object.fromEntries(ours),
      ...{ WEB_PORT: `${web}`, API_PORT: `${api}`, POSTGRES_PORT: `${postgres}`, VALKEY_PORT: `${valkey}` },
      ...{ OFFLINE_TOKENS_PER_SECOND: "80", OFFLINE_TOKENS: "4000", API_WORKERS: "2" },
    };
  }

  /** Without a terminal: a session of its own, and nothing to read from. */
  make(target: string, more: NodeJS.ProcessEnv = {}): Promise<Said> {
    return new Promise((resolve, reject) => {
      const stdio = ["ignore", "pipe", "pipe"] as const;
      const env = { ...this.#env, ...more };
      const child = spawn("make", [target], { cwd: this.path, env, stdio: [...stdio], detached: true });
      let out = "";
      child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
      child.stderr.on("data", (chunk: Buffer) => (out += chunk.toString()));
      child.once("error", reject);
      // Closed, not ended: whoever stays with our pipes in his hands would keep it open.
      child.once("close", (code) => resolve({ code, out }));
    });
  }

  async status(): Promise<StackStatus & Said> {
    const said = await this.make("status", { FORMAT: "json" });
    const json = said.out.split("\n").find((line) => line.startsWith("{"));
    return { ...said, ...(JSON.parse(json ?? '{"services":[]}') as StackStatus) };
  }

  /** Calls the API through the page's port as somebody does, the first account unless another is named. */
  async signedIn(who = { email: this.email, password: this.password }) {
    const headers: Record<string, string> = { origin: this.site, "content-type": "application/json" };
    const call = (method: string, path: string, body?: object, more = {}) =>
      fetch(`${this.site}/api/v1${path}`, {
        method,
        headers: { ...headers, ...more },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
    const answer = await call("POST", "/auth/login", who);
    assert.equal(answer.status, 200);
    const cookies = answer.headers.getSetCookie();
    headers["cookie"] = cookies.map((cookie) => cookie.split(";")[0]).join("; ");
    return call;
  }

  get left(): number[] {
    return marked(`${this.path}:prod`);
  }
}

test("make start-prod, from a clean clone", async (t) => {
  await inCopy(async (copy) => journey(t, new Folder(copy, await freePorts(4))), { installed: false });
});

async function journey(t: TestContext, folder: Folder): Promise<void> {
  try {
    await t.test("ends with 0 when all is ready, and leaves the stack", () => starts(folder));
    await t.test("every part comes back from a kill, under a stream through the page's port", () => survives(folder));
    await t.test("make admin makes an administrator of any account; the first one is", async () => {
      const ada = { email: "ada@example.com", password: crypto.randomUUID() };
      const registered = await (await folder.signedIn())("POST", "/auth/register", { ...ada, name: "Ada" });
      assert.equal(registered.status, 201);

      const [first, made, unknown] = [
        await folder.make("admin", { EMAIL: folder.email }),
        await folder.make("admin", { EMAIL: ada.email }),
        await folder.make("admin", { EMAIL: "nobody@example.com" }),
      ];

      assert.match(first.out, /is an administrator already/);
      assert.match(made.out, /is an administrator now/);
      assert.equal(made.code, 0);
      assert.match(unknown.out, /no account with the address nobody@example.com/);
      assert.notEqual(unknown.code, 0);
      assert.equal((await (await folder.signedIn(ada))("GET", "/admin/users")).status, 200);
    });
    await t.test("a second start says that it runs", async () => {
      const { code, out } = await folder.make("start-prod");

      assert.notEqual(code, 0);
      assert.match(out, /Already running/);
    });
    await t.test("what a killed supervisor left is told, and ended by the next start", () => startsAnew(folder));
    await t.test("make stop leaves nothing", async () => {
      assert.equal((await folder.make("stop")).code, 0);
      assert.deepEqual(folder.left, []);
      assert.ok((await folder.status()).services.every(({ state }) => state === "stopped"));
    });
    await t.test("a part that fails is said with its log's end, and nothing stays", async () => {
      const code = join(folder.path, "api", "app", "main.py");
      appendFileSync(code, '\nraise RuntimeError("the roof is on fire")\n');

      const said = await folder.make("start-prod");

      assert.notEqual(said.code, 0);
      assert.match(said.out, /api does not get ready[\s\S]*the roof is on fire/);
      assert.deepEqual(folder.left, []);
    });
  } finally {
    await folder.make("stop");
  }
}

async function starts(folder: Folder): Promise<void> {
  const { code, out } = await folder.make("start-prod");

  assert.equal(code, 0, out);
  assert.match(out, /This is a trial/);
  assert.ok(out.includes(folder.site));
  const [, email = "", password = ""] = /Sign in as (\S+) with (\S+)/.exec(out)!;
  Object.assign(folder, { email, password });
  for (const file of [".env", ".data/prod/stack.json"])
    assert.equal(statSync(join(folder.path, file)).mode & 0o777, 0o600, file);
  assert.doesNotMatch(readFileSync(join(folder.path, ".data/prod/stack.json"), "utf8"), /Ed25519|postgresql:/);
  const now = await folder.status();
  assert.equal(now.code, 0);
  assert.deepEqual(
    now.services.map(({ name, ready }) => [name, ready]),
    ["postgres", "valkey", "api", "worker", "beat", "web"].map((name) => [name, true]),
  );
}

async function survives(folder: Folder): Promise<void> {
  const call = await folder.signedIn();
  const prompt = "A marketplace where labs sell used microscopes to schools";
  const { id } = (await (await call("POST", "/tasks", { kind: "project_plan", prompt })).json()) as Task;
  const reader = new RuledReader();
  const reading = follow(reader, (cursor) =>
    call("GET", `/tasks/${id}/stream`, undefined, cursor === null ? {} : { "last-event-id": cursor }),
  );
  reading.catch(() => undefined); // awaited below

  for (const { name, pid } of (await folder.status()).services) {
    const { length } = reader.text;
    assert.ok(await until(async () => reader.text.length !== length, { timeout: 20_000 }), `text before ${name}`);
    process.kill(pid!, "SIGKILL");
    const isBack = async () => {
      const now = (await folder.status()).services.find((service) => service.name === name)!;
      return now.ready && now.pid !== pid;
    };
    assert.ok(await until(isBack, { timeout: 15_000 }), `${name} is back`);
  }
  await reading;

  const task = (await (await call("GET", `/tasks/${id}`)).json()) as Task;
  assert.equal(task.status, "completed");
  assert.equal(reader.text, task.text);
}

async function startsAnew(folder: Folder): Promise<void> {
  const supervisor = Number(readFileSync(join(folder.path, ".data", "prod", "supervisord.pid"), "utf8"));
  process.kill(supervisor, "SIGKILL");
  const orphaned = await folder.status();
  const orphans = folder.left;

  const { code, out } = await folder.make("start-prod");

  assert.notEqual(orphaned.code, 0);
  assert.match(orphaned.out, /supervisor of make start-prod was killed/);
  assert.equal(code, 0, out);
  assert.notDeepEqual(orphans, []);
  assert.deepEqual(orphans.filter(isAlive), []);
  assert.doesNotMatch(out, /Sign in as/, "the first account is said once");
}

test("servers of one's own need secrets of one's own: all that is missing is said, and nothing is made up", async () => {
  await inCopy(async (copy) => {
    const folder = new Folder(copy, await freePorts(4));

    const { code, out } = await folder.make("start-prod", {
      DATABASE_URL: "postgresql://app:changeme@127.0.0.1:5432/app",
      REDIS_URL: "redis://127.0.0.1:6379/0",
      SITE_URL: "http://example.org",
    });

    assert.notEqual(code, 0);
    for (const variable of ["DATABASE_URL", "REDIS_URL", "JWT_KEYS", "SECRET_KEY", "SITE_URL"])
      assert.match(out, new RegExp(variable));
    assert.equal(existsSync(join(copy, ".env")), false);
  });
});
