import { NextRequest } from "next/server";
import { beforeEach, expect, test, vi } from "vitest";

import { sessionCookies } from "./lib/project";
import { proxy } from "./proxy";

const visit = (path: string, cookie = "") =>
  proxy(new NextRequest(`http://localhost:3000${path}`, { headers: { cookie } })).headers;

beforeEach(() => {
  vi.stubEnv("API_URL", "http://127.0.0.1:8999");
  return () => vi.unstubAllEnvs();
});

test.for(["/api/v1/tasks?limit=3", "/api/healthz", "/ws/events"])(
  "%s goes to the API, wherever that is now",
  (path) => {
    expect(visit(path).get("x-middleware-rewrite")).toBe(`http://127.0.0.1:8999${path}`);
  },
);

test("a visitor without a session is sent to sign in, and comes back", () => {
  expect(visit("/tasks?cursor=a").get("location")).toBe("http://localhost:3000/sign-in?next=%2Ftasks%3Fcursor%3Da");
});

test.for(sessionCookies)("a visitor with %s passes; the API is the guard", (name) => {
  expect(visit("/tasks", `${name}=x`).get("x-middleware-next")).toBe("1");
});
