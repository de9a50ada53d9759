/** What nginx keeps of Next: a good answer to `/` for the second that it says, and nothing else. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { until } from "../chaos/time.ts";
import { type Answer, ask, jsonOf, textsOf } from "./nginx/ask.ts";
import { type Nginx, Rig } from "./nginx/rig.ts";

/** By its end what was to be kept for a second isn't: nginx counts whole seconds. */
const OVER = 5_000;

const rig = new Rig();
let nginx: Nginx;

before(async () => {
  await rig.build({});
  await Promise.all([rig.stub("api"), rig.stub("web")]);
  nginx = await rig.nginx({ NGINX_REQUESTS_PER_SECOND: "10000", NGINX_BURST: "10000" });
  assert(await until(async () => (await get("/sign-in")).status === 200, 10_000), "the stub answers");
});
after(() => rig.end());

const get = (path: string, headers: Record<string, string> = {}) => ask(nginx.url + path, { headers });

/** Which request the stub has answered with this: a kept answer has an earlier one's. */
const origin = (answer: Answer): string | undefined => textsOf(jsonOf(answer)["headers"])["x-request-id"];

let addresses = 0;
/** `/` with a query that nobody has asked before. */
const fresh = (answer: string): string => `/?${answer}&x-address=${(addresses += 1)}`;

const isKept = async (path: string) => origin(await get(path)) === origin(await get(path));

void describe("what says that it holds for a second", () => {
  const KEPT = "x-accel-expires=1&etag=%22a%22&cache-control=public";

  test("is asked once, however many come, and asked again when it is over", async () => {
    let path = "";
    let origins = new Set<string | undefined>();
    const isOne = async () => {
      path = fresh(`${KEPT}&slowly`);
      const crowd = await Promise.all(Array.from({ length: 40 }, () => get(path)));
      origins = new Set(crowd.map(origin));
      return origins.size === 1;
    };
    const isAnother = async () => !origins.has(origin(await get(path)));

    // Nobody waits longer than 200 ms, which a machine that does other work may take.
    assert(await until(isOne, OVER), `${origins.size} were asked`);
    assert(await until(isAnother, OVER), "it is another");
  });

  test("has headers of its own request: an id, and nothing that is meant for nginx", async () => {
    const path = fresh(KEPT);
    await get(path);
    const { headers, status } = await get(path, { "x-request-id": "the-second-one" });

    assert.equal(status, 200);
    assert.deepEqual(headers["x-request-id"], ["the-second-one"]);
    assert.equal(headers["x-accel-expires"], undefined);
    for (const [name, values] of Object.entries(headers)) assert.equal(values.length, 1, name);
  });

  test("is kept by the whole of its address, as it was written", async () => {
    const one = fresh(KEPT);
    const others = [fresh(KEPT), `/.${one}`, `/x/..${one}`, `/%2e${one}`, `${one}#part`];
    for (const path of [...others, one, ...others]) assert.equal(jsonOf(await get(path))["url"], path);
  });

  test("HEAD and a condition are answered from it, and leave it whole", async () => {
    const path = fresh(KEPT);
    const head = await ask(nginx.url + path, { method: "HEAD" });
    const whole = await get(path);
    const same = await get(path, { "if-none-match": '"a"' });
    const other = await get(path, { "if-none-match": '"b"' });

    assert.deepEqual([head.status, head.body.length], [200, 0]);
    assert.equal(jsonOf(whole)["method"], "GET");
    assert.deepEqual([same.status, same.body.length, same.headers["etag"]], [304, 0, ['"a"']]);
    assert.equal(other.status, 200);
    assert.equal(origin(other), origin(whole));
  });

  test("whole, whoever came first", async () => {
    const etag = { "if-none-match": '"a"' };
    for (const headers of [etag, { "if-modified-since": new Date().toUTCString() }, { range: "bytes=0-1" }]) {
      const path = fresh(KEPT);
      const first = await get(path, headers);
      const second = await get(path);

      assert.equal(first.status, headers === etag ? 304 : 200);
      assert.equal(second.status, 200);
      assert.equal(jsonOf(second)["url"], path);
    }
  });

  test("is kept for each value of what it varies by", async () => {
    const path = fresh(`${KEPT}&vary=rsc,%20accept-encoding`);
    const flight = await get(path, { rsc: "1" });
    const page = await get(path);

    assert.notEqual(origin(flight), origin(page));
    assert.equal(textsOf(jsonOf(page)["headers"])["rsc"], undefined);
    assert.equal(origin(await get(path)), origin(page));
  });
});

void describe("nothing else is kept", () => {
  for (const [what, answer] of [
    ["that doesn't say so", "cache-control=no-store"],
    ["that others may keep", "cache-control=public,%20max-age=60,%20s-maxage=60"],
    ["that sets a cookie", "x-accel-expires=1&set-cookie=a%3D1"],
    ["that varies by everything", "x-accel-expires=1&vary=*"],
    ["that is an error", "x-accel-expires=1&status=500"],
    ["that is away for a moment", "x-accel-expires=1&status=503"],
    ["that isn't there", "x-accel-expires=1&status=404"],
    ["that leads elsewhere", "x-accel-expires=1&status=307&location=/sign-in"],
  ] as const)
    test(`an answer ${what}`, async () => assert.equal(await isKept(fresh(answer)), false));

  test("nobody waits for another's", async () => {
    const path = fresh("cache-control=no-store");
    const began = performance.now();
    await Promise.all(Array.from({ length: 20 }, () => get(path)));

    assert(performance.now() - began < 3_000, "they were asked for side by side");
  });

  test("an answer to a POST, which gets none that was kept either", async () => {
    const path = fresh("x-accel-expires=1");
    const post = () => ask(nginx.url + path, { method: "POST", body: "{}" });
    const [first, page, second] = [await post(), await get(path), await post()];

    assert.deepEqual(
      [first, page, second].map((answer) => jsonOf(answer)["method"]),
      ["POST", "GET", "POST"],
    );
  });

  for (const path of ["/sign-in", "/tasks", "/settings", "/api/v1/tasks", "/index.html"])
    test(`an answer of ${path}`, async () => assert.equal(await isKept(`${path}?x-accel-expires=1`), false));

  test("that Next was away: it is asked as soon as it is there", async () => {
    const early = await rig.nginx({ WEB_UPSTREAM: "late:8000" });
    const at = `${early.url}/?x-accel-expires=1`;
    const away = await ask(at);
    await rig.stub("late");

    assert.equal(away.status, 502);
    assert.deepEqual(away.headers["cache-control"], ["no-store"]);
    assert(await until(async () => (await ask(at)).status === 200, 3_000), "the page is there");
  });
});
