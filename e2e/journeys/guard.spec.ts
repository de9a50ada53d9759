/** proxy.ts saves a detour. The guard is the API: what is asked past the proxy gives no protected byte. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { releasePage } from "../../scripts/lib/page.ts";
import { PageServer } from "../lib/page-server.ts";
import { addressOf, isProtected, routes } from "../lib/routes.ts";
import { site } from "../lib/site.ts";
import { expect, test } from "../lib/test.ts";

const CANARY = "canary-of-a-kind";
const claims = { iat: 0, exp: Date.now() / 1000 + 3600, sub: crypto.randomUUID(), role: "admin" };
/** Good for the proxy, which looks at the end of its life only. */
const FORGED = `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.forged`;

const ways = {
  "the page": {},
  "its data": { rsc: "1" },
  "its data, before it is asked for": { rsc: "1", "next-router-prefetch": "1" },
  "its data, by parts": { rsc: "1", "next-router-prefetch": "2", "next-router-segment-prefetch": "/_tree" },
};

/** Everything that a visitor gets on the way from this address, whatever it is. */
async function taken(base: string, path: string, headers: Record<string, string>): Promise<string> {
  const answer = await fetch(base + path, { headers, redirect: "manual" });
  const body = await answer.text();
  const to = answer.headers.get("location");
  return [
    path,
    ...[...answer.headers].flat(),
    body,
    to && (await taken(base, new URL(to, base).href.slice(base.length), headers)),
  ].join("\n");
}

test(
  "past the proxy there is nothing to be had, with a forged token or without one",
  { tag: "@inside" },
  async ({ member }) => {
    const task = await member.create(`A plan of ${CANARY}, in 20 tokens`);
    await member.finished(task.id);
    const folder = join(mkdtempSync(join(tmpdir(), "slipstream-page-")), "page");
    releasePage(folder);
    const manifest = join(folder, "web", ".next", "server", "functions-config-manifest.json");
    const { functions } = JSON.parse(readFileSync(manifest, "utf8"));
    expect(Object.keys(functions)).toContain("/_middleware");
    writeFileSync(manifest, JSON.stringify({ version: 1, functions: {} }));
    const open = await PageServer.start({ API_URL: site.api, SITE_URL: site.url }, folder);
    const secrets = [CANARY, member.credentials.email, member.credentials.name];

    try {
      expect((await fetch(`${open.url}/tasks`, { redirect: "manual" })).headers.get("location")).toMatch(/^\/sign-in/);
      expect((await fetch(`${open.url}/sign-in`)).headers.get("content-security-policy")).not.toContain("nonce");
      for (const base of [site.url, open.url])
        for (const route of routes.filter(isProtected)) {
          const looks = Object.entries(ways).flatMap(([way, headers]) =>
            [{}, { cookie: `slipstream_access=${FORGED}` }].map(async (cookie) => {
              const got = await taken(base, addressOf(route, task.id), { ...headers, ...cookie });
              for (const secret of secrets) expect(got, `${way} of ${route}`).not.toContain(secret);
            }),
          );
          await Promise.all(looks);
        }
    } finally {
      await open.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
);

test("the same looks do find them for whom they are", async ({ member, context }) => {
  const task = await member.create(`A plan of ${CANARY}, in 20 tokens`);
  const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");

  for (const headers of [ways["the page"], ways["its data"]]) {
    const got = await taken(site.url, `/tasks/${task.id}`, { ...headers, cookie });
    for (const secret of [CANARY, member.credentials.email]) expect(got).toContain(secret);
  }
});
