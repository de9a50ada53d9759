import { NextRequest } from "next/server";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { proxy } from "./proxy";

const visit = async (path: string, headers: Record<string, string> = {}) =>
  (await proxy(new NextRequest(`http://localhost:3000${path}`, { headers }))).headers;

/** What Next passes on to the page. */
const passed = (headers: Headers, name: string) => headers.get(`x-middleware-request-${name}`);
const nonceIn = (policy: string | null) => /'nonce-([^']+)'/.exec(policy ?? "")?.[1];

beforeEach(() => {
  vi.stubEnv("API_URL", "http://127.0.0.1:8999");
});
afterEach(() => vi.unstubAllEnvs());

test.for(["/api/v1/tasks?limit=3", "/api/healthz", "/ws/events"])(
  "%s goes to the API, wherever that is now",
  async (path) => {
    const headers = await visit(path);

    expect(headers.get("x-middleware-rewrite")).toBe(`http://127.0.0.1:8999${path}`);
    expect(headers.get("content-security-policy")).toBeNull();
  },
);

test("a page gets a policy with a nonce of its own, which Next is told", async () => {
  const [one, other] = [await visit("/sign-in"), await visit("/sign-in")];

  const policy = one.get("content-security-policy");
  expect(passed(one, "content-security-policy")).toBe(policy);
  expect(Buffer.from(nonceIn(policy)!, "base64")).toHaveLength(16);
  expect(nonceIn(other.get("content-security-policy"))).not.toBe(nonceIn(policy));
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).toContain("require-trusted-types-for 'script'");
  expect(policy).not.toContain("unsafe");
  expect(one.get("reporting-endpoints")).toBe('csp="/api/v1/reports/csp"');
});

test("nobody but us chooses the nonce", async () => {
  const chosen = "script-src 'nonce-mine'";
  const headers = await visit("/sign-in", {
    "content-security-policy": chosen,
    "content-security-policy-report-only": chosen,
  });

  expect(passed(headers, "content-security-policy")).toBe(headers.get("content-security-policy"));
  expect(passed(headers, "content-security-policy-report-only")).toBeNull();
  expect(headers.get("content-security-policy")).not.toContain("mine");
});

test.for([
  ["https://one.example", undefined, undefined, "max-age=15768000"],
  ["https://one.example", undefined, "60", "max-age=60"],
  ["https://one.example", undefined, "0", null],
  ["https://one.example", "development", undefined, null],
  ["http://localhost:3000", undefined, undefined, null],
] as const)("HSTS of %s in %s with %s is %s", async ([site, environment, seconds, expected]) => {
  vi.stubEnv("SITE_URL", site);
  vi.stubEnv("ENVIRONMENT", environment ?? "production");
  vi.stubEnv("HSTS_SECONDS", seconds);

  expect((await visit("/")).get("strict-transport-security")).toBe(expected);
  expect((await visit("/tasks")).get("strict-transport-security")).toBe(expected);
});

test("what the build rendered is asked for again, and may be kept for a second by nginx alone; no other page may", async () => {
  vi.resetModules();
  vi.stubEnv("NODE_ENV", "production");
  vi.doMock("./lib/security/static-pages", async (original) => ({
    ...(await original<object>()),
    readStaticPages: () => ({
      pages: { "/": ["'sha256-a'"], "/_not-found": ["'sha256-n'"] },
      rendered: ["^/sign-in$"],
    }),
  }));
  const built = await import("./proxy");
  const kept = async (path: string) => {
    const { headers } = await built.proxy(new NextRequest(`http://localhost:3000${path}`));
    return ["cache-control", "x-accel-expires", "set-cookie"].map((name) => headers.get(name));
  };

  expect(await kept("/")).toEqual(["public, max-age=0, must-revalidate", "1", null]);
  expect(await kept("/sign-in")).toEqual([null, null, null]);
});
