import { NextRequest } from "next/server";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { detour } from "./detour";

const SITE = "http://localhost:3000";
const NEW = ["slipstream_access=new; Path=/; HttpOnly", "slipstream_refresh=new; Path=/; HttpOnly"];

const token = (left: number, whole = 300) => {
  const exp = Date.now() / 1000 + left;
  return `h.${Buffer.from(JSON.stringify({ iat: exp - whole, exp })).toString("base64url")}.s`;
};
const FRESH = `slipstream_access=${token(200)}`;
const STALE = `slipstream_access=${token(-1)}`;
const REFRESH = "slipstream_refresh=r";

const api = vi.fn<typeof fetch>();

beforeEach(() => {
  vi.stubGlobal("fetch", api.mockReset());
  vi.stubEnv("SITE_URL", SITE);
  vi.stubEnv("API_URL", "http://api.invalid");
  answers(204, NEW);
});
afterEach(() => vi.unstubAllEnvs());

function answers(status: number, cookies: readonly string[] = []) {
  api.mockImplementation(async () => {
    const headers = new Headers();
    for (const cookie of cookies) headers.append("set-cookie", cookie);
    return new Response(null, { status, headers });
  });
}

async function visit(path: string, cookie = "", init: { method?: string; headers?: Record<string, string> } = {}) {
  const { redirect, cookies } = await detour(
    new NextRequest(SITE + path, { ...init, headers: { ...init.headers, ...(cookie && { cookie }) } }),
  );
  return { to: redirect?.headers.get("location")?.replace(SITE, "") ?? null, status: redirect?.status, cookies };
}

/** A browser, or what passes for one, that goes wherever it is sent until there is a page. */
async function follow(path: string, jar: Record<string, string>, { keeps = true } = {}) {
  const kept = { ...jar };
  const way = [path];
  for (;;) {
    const cookie = Object.entries(kept)
      .map((pair) => pair.join("="))
      .join("; ");
    const { to, cookies } = await visit(way.at(-1)!, cookie);
    if (keeps)
      for (const set of cookies) {
        const [pair = ""] = set.split(";");
        kept[pair.split("=")[0]!] = pair.slice(pair.indexOf("=") + 1);
      }
    if (to === null) return way;
    way.push(to);
    if (way.length > 10) throw new Error(`A loop: ${way.join(" → ")}`);
  }
}

test.for(["/", "/verify-email", "/nowhere", "/tasksmith", "/healthz"])("%s is for everybody", async (path) => {
  expect(await visit(path)).toEqual({ to: null, status: undefined, cookies: [] });
  expect(await visit(path, `${STALE}; ${REFRESH}`)).toMatchObject({ to: null });
  expect(api).not.toHaveBeenCalled();
});

test.for(["/tasks", "/tasks/1", "/design", "/settings/sessions", "/admin"])(
  "a visitor of %s without a session is sent to sign in, and comes back",
  async (path) => {
    expect(await visit(`${path}?cursor=a`)).toMatchObject({
      to: `/sign-in?next=${encodeURIComponent(`${path}?cursor=a`)}`,
      status: 307,
    });
    expect(await visit(path, STALE)).toMatchObject({ to: `/sign-in?next=${encodeURIComponent(path)}` });
    expect(api).not.toHaveBeenCalled();
  },
);

test("a token that hasn't run out passes as it is: what it is worth is the API's to say", async () => {
  expect(await visit("/tasks", FRESH)).toMatchObject({ to: null, cookies: [] });
  expect(await visit("/tasks", `__Host-${FRESH}; ${REFRESH}`)).toMatchObject({ to: null });
  expect(api).not.toHaveBeenCalled();
});

test("with a token that ran out the visit is sent to the same address with new cookies", async () => {
  const answer = await visit("/tasks/1?a=b&c", `${STALE}; ${REFRESH}`, {
    headers: { "x-forwarded-for": "203.0.113.7", "user-agent": "Browser", "sec-fetch-site": "cross-site" },
  });

  expect(answer).toMatchObject({ to: "/tasks/1?a=b&c&renewed", status: 307 });
  expect(answer.cookies).toEqual([...NEW, expect.stringMatching(/^slipstream_renewed=1; Max-Age=10; .*HttpOnly/)]);
  const [url, init] = api.mock.calls[0]!;
  const sent = new Headers(init?.headers);
  expect([url, init?.method]).toEqual(["http://api.invalid/api/v1/auth/refresh", "POST"]);
  expect([...sent]).toEqual([
    ["cookie", `${STALE}; ${REFRESH}`],
    ["origin", SITE],
    ["user-agent", "Browser"],
    ["x-forwarded-for", "203.0.113.7"],
  ]);
});

test("over https the mark is pinned to the host as the other cookies are", async () => {
  const { cookies } = await visit("/tasks", `__Host-${REFRESH}`);

  expect(cookies.at(-1)).toMatch(/^__Host-slipstream_renewed=1; .*Path=\/; HttpOnly; SameSite=Lax; Secure$/);
});

test("the address is the visitor's own again before the page is made", async () => {
  const way = await follow("/tasks?cursor=a", { slipstream_refresh: "r" });

  expect(way).toEqual(["/tasks?cursor=a", "/tasks?cursor=a&renewed", "/tasks?cursor=a"]);
  expect(api).toHaveBeenCalledOnce();
});

test("a clock that is wrong makes no loop: the page is made, and the API decides", async () => {
  answers(204, [`slipstream_access=${token(-1000)}`, "slipstream_refresh=new"]);

  expect(await follow("/tasks", { slipstream_refresh: "r" })).toEqual(["/tasks", "/tasks?renewed", "/tasks"]);
});

test("cookies that aren't kept end on the sign-in page", async () => {
  const way = await follow("/tasks?cursor=a", { slipstream_refresh: "r" }, { keeps: false });

  expect(way.at(-1)).toBe("/sign-in?next=%2Ftasks%3Fcursor%3Da&renewed");
  expect(api).toHaveBeenCalledOnce();
});

test("a refusal ends on the sign-in page, with what the API does to the cookies", async () => {
  answers(401, ["slipstream_refresh=; Max-Age=0"]);

  expect(await visit("/tasks", REFRESH)).toMatchObject({
    to: "/sign-in?next=%2Ftasks",
    cookies: ["slipstream_refresh=; Max-Age=0"],
  });
  expect(await follow("/tasks", { slipstream_refresh: "r" }, { keeps: false })).toHaveLength(2);
});

test.for([429, 500, 503])(
  "an API that answers %s signs nobody out: the page says what is the matter",
  async (status) => {
    answers(status);

    expect(await visit("/tasks", REFRESH)).toMatchObject({ to: null, cookies: [] });
  },
);

test("nor does one that can't be reached", async () => {
  api.mockRejectedValue(new TypeError("refused"));

  expect(await visit("/tasks", REFRESH)).toMatchObject({ to: null, cookies: [] });
});

test("what is sent to the sign-in page with a session that goes on comes back by it, once", async () => {
  // The API refused a token that hasn't run out: the role has changed.
  const way = await follow("/sign-in?next=%2Ftasks", { slipstream_refresh: "r" });

  expect(way).toEqual(["/sign-in?next=%2Ftasks", "/sign-in?next=%2Ftasks&renewed", "/sign-in?next=%2Ftasks"]);
  expect(api).toHaveBeenCalledOnce();
});

test.for(["POST", "HEAD", "PUT"])("a %s goes nowhere else", async (method) => {
  expect(await visit("/tasks", `${STALE}; ${REFRESH}`, { method })).toMatchObject({ to: null });
  expect(api).not.toHaveBeenCalled();
});

test("no redirect leaves the site, whatever the path", async () => {
  for (const path of [
    "/tasks//evil.example",
    "/tasks/%2F%2Fevil.example",
    "/tasks?next=//evil.example",
    "/tasks/\\evil",
  ])
    for (const cookie of ["", REFRESH]) {
      const { to } = await visit(path, cookie);
      expect(new URL(to ?? "", SITE).origin).toBe(SITE);
    }
});
