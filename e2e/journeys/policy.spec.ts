/** What every page says of itself, and that its policy names every one of its scripts. */
import { createHash } from "node:crypto";

import type { APIResponse } from "@playwright/test";

import { makeAdmin } from "../lib/admin.ts";
import { addressOf, isProtected, routes } from "../lib/routes.ts";
import { site } from "../lib/site.ts";
import { expect, test } from "../lib/test.ts";

const hash = (content: string | Buffer) => `sha256-${createHash("sha256").update(content).digest("base64")}`;

interface Script {
  attributes: string;
  text: string;
}

const scriptsIn = (html: string): Script[] =>
  [...html.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script>/g)].map(([, attributes = "", text = ""]) => ({
    attributes,
    text,
  }));
const attribute = ({ attributes }: Script, name: string) => new RegExp(`\\s${name}="([^"]*)"`).exec(attributes)?.[1];

/** How a script is allowed; throws when it isn't. */
async function allowedBy(script: Script, policy: string): Promise<"nonce" | "hash"> {
  const allowed = /script-src ([^;]*)/.exec(policy)![1]!.split(" ");
  const nonce = attribute(script, "nonce");
  if (nonce !== undefined) {
    expect(allowed).toContain(`'nonce-${nonce}'`);
    return "nonce";
  }
  const source = attribute(script, "src");
  const content = source === undefined ? script.text : await (await fetch(new URL(source, site.url))).bytes();
  expect(allowed, script.attributes || script.text.slice(0, 80)).toContain(`'${hash(Buffer.from(content))}'`);
  if (source !== undefined) expect(attribute(script, "integrity")).toBe(hash(Buffer.from(content)));
  return "hash";
}

/** Everything that a page has to say, whichever it is. */
function saysEnough(response: APIResponse): string {
  const headers = response.headers();
  const policy = headers["content-security-policy"]!;
  for (const rule of [
    "default-src 'none'",
    "script-src 'strict-dynamic' ",
    "style-src 'self';",
    "connect-src 'self';",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "report-to csp",
  ])
    expect(policy).toContain(rule);
  expect(policy).not.toContain("unsafe");
  expect(policy).not.toMatch(/https?:|\*|data:|blob:/);
  expect(headers).toMatchObject({
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": expect.stringContaining("camera=()"),
    "referrer-policy": "strict-origin-when-cross-origin",
    "reporting-endpoints": 'csp="/api/v1/reports/csp"',
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
  });
  return policy;
}

const MISSING = ["/nowhere", "/nowhere/at/all"];
const MISSING_TASK = "/tasks/0190a0a0-0000-7000-8000-000000000000";

test(
  "every script of every page is named, and no style stands in a page",
  { tag: "@inside" },
  async ({ member, context }) => {
    await makeAdmin(member.credentials.email);
    await member.signIn();
    const task = await member.create("A page, in 20 tokens");
    // Who is signed in isn't shown the pages of visitors.
    const visitor = await context.browser()!.newContext({ baseURL: site.url });

    for (const route of [...routes, ...MISSING, MISSING_TASK]) {
      const { request } = isProtected(route) ? context : visitor;
      const response = await request.get(addressOf(route, task.id), { maxRedirects: 2 });
      const html = await response.text();
      const policy = saysEnough(response);
      const scripts = scriptsIn(html);
      const ways = await Promise.all(scripts.map((script) => allowedBy(script, policy)));

      expect(scripts.length, route).toBeGreaterThan(5);
      expect(scripts.length, route).toBe(html.match(/<script\b/g)?.length);
      const isRendered = policy.includes("'nonce-");
      expect(isRendered, route).toBe(route !== "/" && !MISSING.includes(route));
      // Of a page with a nonce only the script in the head, which is always the same, goes by its hash; an error that
      // takes the whole page has none.
      const byHash = ways.filter((way) => way === "hash").length;
      expect(byHash, route).toBe(isRendered ? Number(route !== MISSING_TASK) : scripts.length);
      const markup = html.replace(/<script\b[\s\S]*?<\/script>/g, "");
      expect(markup, route).not.toMatch(/<[a-z][^>]*\s(style|on[a-z]+)=/);
      expect(markup, route).not.toContain("<style");
    }
    await visitor.close();
  },
);

test("a nonce is for one page only", async ({ request }) => {
  const nonces = await Promise.all(
    Array.from({ length: 5 }, async () => {
      const policy = (await request.get("/sign-in")).headers()["content-security-policy"]!;
      return /'nonce-([^']+)'/.exec(policy)![1];
    }),
  );

  expect(new Set(nonces).size).toBe(5);
});

for (const path of ["/", "/sign-in"])
  test(`what got into ${path} from elsewhere doesn't run, and is noticed`, async ({ page, faults }) => {
    await page.route(path, async (route) => {
      const response = await route.fetch();
      const mark = "window.hit = true";
      const injected = `<script>${mark}</script><script nonce="guessed">${mark}</script>
        <script src="/_next/static/chunks/guessed.js"></script><script src="https://evil.example/x.js"></script>
        <img src="https://evil.example/x.png" onerror="${mark}"><p style="color: red">red</p><style>p { color: red }</style>`;
      await route.fulfill({ response, body: (await response.text()).replace("<main", `${injected}<main`) });
    });

    await page.goto(path);

    const stopped = () => new Set(faults.map((fault) => / by (\S+) at /.exec(fault)?.[1]));
    const all = ["script-src-elem", "img-src", "style-src-attr", "style-src-elem"];
    await expect.poll(() => all.filter((name) => !stopped().has(name))).toEqual([]);
    await expect.poll(() => faults.join("\n")).toContain("The policy stopped https://evil.example/x.js");
    expect(await page.evaluate(() => "hit" in window)).toBe(false);
    faults.length = 0;
  });

test("no string becomes markup or code in a page, and no script is loaded from elsewhere", async ({ page, faults }) => {
  await page.goto("/sign-in");
  await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();

  const ends = await page.evaluate(() => {
    const [own, elsewhere, answer, code] = Array.from({ length: 4 }, () => document.createElement("script"));
    const acts = {
      markup: () => (document.createElement("p").innerHTML = "<b>x</b>"),
      code: () => document.body.append(Object.assign(code!, { text: "window.hit = true" })),
      elsewhere: () => document.body.append(Object.assign(elsewhere!, { src: "https://evil.example/x.js" })),
      answer: () => document.body.append(Object.assign(answer!, { src: "/api/v1/me" })),
      own: () => document.body.append(Object.assign(own!, { src: "/_next/static/chunks/none.js" })),
    };
    return Object.entries(acts).map(([name, act]) => {
      try {
        act();
        return `${name}: done`;
      } catch (error) {
        return `${name}: ${String(error).split(":")[0]}`;
      }
    });
  });

  const refused = ["markup", "code", "elsewhere", "answer"].map((name) => `${name}: TypeError`);
  expect(ends).toEqual([...refused, "own: done"]);
  expect(await page.evaluate(() => "hit" in window)).toBe(false);
  await expect.poll(() => faults.join("\n")).toContain("/none.js"); // asked for, and not there
  faults.length = 0;
});

test("a browser's report is taken without a session, and anything else isn't", async ({ request }) => {
  const report = { "csp-report": { "document-uri": site.url, "effective-directive": "img-src", "blocked-uri": "x" } };
  const send = (data: object, type: string) =>
    request.post("/api/v1/reports/csp", { data, headers: { "content-type": type } });

  expect((await send(report, "application/csp-report")).status()).toBe(204);
  expect((await send(report, "application/json")).status()).toBe(415);
});
