import { randomUUID } from "node:crypto";

import { expect, test } from "@playwright/test";

import type { components } from "../../web/lib/api/schema.d.ts";
import { site } from "../lib/site.ts";
import { WireClient } from "../lib/wire.ts";

const ADDRESS = "203.0.113.7";
/** What the web server passes on as it comes: it can't know better. */
const LIES: readonly Record<string, string>[] = [
  {},
  { "x-forwarded-for": ADDRESS },
  { "x-forwarded-for": `127.0.0.1, ${ADDRESS}` },
  { "X-FORWARDED-FOR": "2001:db8::7" },
  { forwarded: `for=${ADDRESS};proto=https` },
  { "x-real-ip": ADDRESS },
  { "true-client-ip": ADDRESS },
  { "cf-connecting-ip": ADDRESS },
  { "x-client-ip": ADDRESS, "x-cluster-client-ip": ADDRESS },
  { "x-forwarded-for": ADDRESS, forwarded: `for=${ADDRESS}`, "x-real-ip": ADDRESS, "x-forwarded-proto": "https" },
];

test("through the web server no header moves what is counted, and addresses aren't", { tag: "@inside" }, async () => {
  const client = await WireClient.register(site.url);
  const attempt = async (email: string, lie: Record<string, string>) => {
    const body = JSON.stringify({ email, password: "whatever it may be" });
    const { status, headers } = await client.fetch("/api/v1/auth/login", { method: "POST", body, headers: lie });
    return { status, counted: headers.get("ratelimit-policy"), retryAfter: headers.get("retry-after") };
  };
  const email = `nobody-${randomUUID()}@example.com`;

  for (const lie of LIES) {
    const { status, counted } = await attempt(email, lie);
    expect(status, JSON.stringify(lie)).toBe(401);
    expect(counted).toBe('"sign_in_failures";q=10;w=300');
  }
  for (const lie of LIES.slice(0, 3)) {
    const { status, retryAfter } = await attempt(email, lie);
    expect(status, JSON.stringify(lie)).toBe(429);
    expect(Number(retryAfter)).toBeGreaterThan(200);
  }
});

type Exported = Omit<components["schemas"]["Export"], "data"> & { data: { audit_details: { address: string }[] } };

test("through the web server no header moves the address in the audit log", { tag: "@inside" }, async () => {
  const client = await WireClient.register(site.url);
  let last: Exported | null = null;

  for (const lie of LIES.slice(0, 9)) {
    const response = await client.fetch("/api/v1/me/export", { headers: lie });
    expect(response.status).toBe(200);
    last = await response.json();
  }

  const addresses = last!.data.audit_details.map(({ address }) => address);
  expect(addresses.length).toBeGreaterThan(9);
  expect(new Set(addresses).size).toBe(1);
  expect(addresses[0]).toMatch(/^(127\.0\.0\.1|::1|::ffff:127\.0\.0\.1)$/);
});
