/** One build serves any host: where it is and where its API is are read when it runs, and stay its own. */
import { request } from "node:http";

import { expect, test } from "@playwright/test";

import { PageServer, StubApi } from "../lib/page-server.ts";

const HEADERS = [
  "content-security-policy",
  "cross-origin-opener-policy",
  "cross-origin-resource-policy",
  "permissions-policy",
  "referrer-policy",
  "x-content-type-options",
  "x-frame-options",
];

const named = (name: string) =>
  new StubApi((_, response) =>
    response.writeHead(401, { "content-type": "application/problem+json" }).end(JSON.stringify({ title: name })),
  ).listen();

test("the same build works with another API and another address", { tag: "@inside" }, async () => {
  const apis = await Promise.all(["one", "two"].map(named));
  const sites = ["https://one.example", "https://two.example:8443"];
  const pages = await Promise.all(apis.map(({ url }, i) => PageServer.start({ API_URL: url, SITE_URL: sites[i]! })));

  for (const [index, page] of pages.entries()) {
    expect((await (await fetch(`${page.url}/api/v1/me`)).json()).title).toBe(["one", "two"][index]);
    expect(await (await fetch(`${page.url}/robots.txt`)).text()).toContain(`Sitemap: ${sites[index]}/sitemap.xml`);
    expect(await (await fetch(`${page.url}/sitemap.xml`)).text()).toContain(`<loc>${sites[index]}/sign-in</loc>`);
    await page.stop();
    apis[index]!.close();
  }
});

test("a page that is made for a visitor tells the API who asks", { tag: "@inside" }, async () => {
  const api = await named("nobody");
  const page = await PageServer.start({ API_URL: api.url, SITE_URL: "https://one.example" });

  const claims = Buffer.from(JSON.stringify({ iat: 0, exp: Date.now() / 1000 + 60 })).toString("base64url");
  const headers = {
    cookie: `__Host-slipstream_access=x.${claims}.x`,
    "x-forwarded-for": "203.0.113.7",
    "x-request-id": "a-request",
  };
  await fetch(`${page.url}/tasks`, { headers, redirect: "manual" });

  expect(api.asked.length).toBeGreaterThan(0);
  for (const { headers: sent } of api.asked)
    expect(sent).toMatchObject({ "x-forwarded-for": "203.0.113.7", "x-request-id": "a-request" });
  await page.stop();
  api.close();
});

test(
  "no answer says where the API is, and one that is away is a problem to try again",
  { tag: "@inside" },
  async () => {
    const api = await named("here");
    const page = await PageServer.start({ API_URL: api.url, SITE_URL: "https://one.example" });

    const answered = await fetch(`${page.url}/api/v1/me`);
    api.close();
    const refused = await fetch(`${page.url}/api/v1/me`, { headers: { "x-request-id": "a-request" } });

    expect(JSON.stringify([...answered.headers, ...refused.headers])).not.toContain(new URL(api.url).port);
    expect([answered.status, refused.status]).toEqual([401, 502]);
    expect(refused.headers.get("content-type")).toBe("application/problem+json");
    expect(refused.headers.get("retry-after")).toBe("2");
    expect(await refused.json()).toMatchObject({ status: 502, code: "unavailable", request_id: "a-request" });
    await page.stop();
  },
);

/** With a Host of one's own, which fetch doesn't allow. */
function answerFor(url: string, host: string): Promise<{ location: string | undefined; names: string[] }> {
  return new Promise((resolve, reject) => {
    const headers = { host, "x-forwarded-host": host };
    const sent = request(url, { headers }, (response) => {
      response.resume();
      const { location } = response.headers;
      const names = response.rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
      resolve({ location, names });
    });
    sent.once("error", reject);
    sent.end();
  });
}

test(
  "a redirect leads where the site is, whatever the client calls it, and security headers come once",
  { tag: "@inside" },
  async () => {
    const api = await named("nobody");
    const page = await PageServer.start({ API_URL: api.url, SITE_URL: "https://one.example" });
    const script = /\/_next\/static\/[^"]+\.js/.exec(await (await fetch(page.url)).text())![0];

    const { location } = await answerFor(`${page.url}/tasks`, "evil.example");

    expect(location).toBe("/sign-in?next=%2Ftasks");
    for (const path of ["/", "/tasks", "/sign-in", "/nowhere", "/healthz", script]) {
      const { names } = await answerFor(page.url + path, "evil.example");
      for (const header of HEADERS)
        expect(
          names.filter((name) => name === header),
          `${header} of ${path}`,
        ).toHaveLength(1);
      expect(names).not.toContain("x-powered-by");
    }
    await page.stop();
    api.close();
  },
);

test("it ends within its grace, in the middle of a stream too", { tag: "@inside" }, async () => {
  const api = await new StubApi((_, response) =>
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-transform" }).write(": on\n\n"),
  ).listen();
  const page = await PageServer.start({ API_URL: api.url, SITE_URL: "https://one.example" });
  const stream = await fetch(`${page.url}/api/v1/tasks/1/stream`);
  const reader = stream.body!.getReader();
  await reader.read();

  const took = await page.stop();

  await reader.read().catch(() => undefined);
  expect(took).toBeLessThan(7000);
  api.close();
});
