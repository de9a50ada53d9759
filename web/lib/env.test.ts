import { afterEach, expect, test, vi } from "vitest";

import { apiUrl, demoUser, siteUrl, streamingAllowed } from "./env";

afterEach(() => vi.unstubAllEnvs());

test("the API is where API_URL says, else on its port", () => {
  vi.stubEnv("API_PORT", "8123");
  expect(apiUrl()).toBe("http://127.0.0.1:8123");

  vi.stubEnv("API_URL", "http://api:8000");
  expect(apiUrl()).toBe("http://api:8000");
});

test("the site's address has no slash at its end", () => {
  vi.stubEnv("SITE_URL", "https://example.com/");

  expect(siteUrl()).toBe("https://example.com");
});

test.for(["test", "staging", "production"])("in %s there is no demo user", (environment) => {
  vi.stubEnv("ENVIRONMENT", environment);

  expect(demoUser()).toBeNull();
});

test("a production build that isn't told where it runs has no demo user", () => {
  vi.stubEnv("ENVIRONMENT", undefined);
  vi.stubEnv("NODE_ENV", "production");

  expect(demoUser()).toBeNull();
});

test("in development the demo user is the one that the API seeds", () => {
  vi.stubEnv("ENVIRONMENT", "development");
  vi.stubEnv("DEMO_EMAIL", "d@example.com");
  vi.stubEnv("DEMO_PASSWORD", "another long sentence");

  expect(demoUser()).toEqual({ email: "d@example.com", password: "another long sentence" });
});

test.for([
  [undefined, true],
  ["", true],
  ["1", true],
  ["true", true],
  ["0", false],
  ["false", false],
  ["Off", false],
  ["no", false],
] as const)("USE_STREAMING=%s: streaming is allowed: %s", ([value, allowed]) => {
  vi.stubEnv("USE_STREAMING", value);

  expect(streamingAllowed()).toBe(allowed);
});
