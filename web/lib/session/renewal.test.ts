import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { FakeBrowser, openTab, problem } from "./fake-browser";

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => vi.useRealTimers());

/** Runs the clock until it is done. */
async function done<T>(promise: Promise<T>, ms = 60_000): Promise<T> {
  const [result] = await Promise.all([promise, vi.advanceTimersByTimeAsync(ms)]);
  return result;
}

const tabs = (count: number) =>
  Array.from({ length: count }).reduce<Promise<Awaited<ReturnType<typeof openTab>>[]>>(
    async (before) => [...(await before), await openTab()],
    Promise.resolve([]),
  );

test("a call whose token has run out is made again with a new one", async () => {
  const browser = new FakeBrowser();
  const { authorised } = await openTab();
  browser.expire();

  const response = await done(authorised(browser.call));

  expect(response.status).toBe(200);
  expect([browser.refreshes, browser.calls]).toEqual([1, 2]);
});

test("fifty tabs whose token ran out renew it once", async () => {
  const browser = new FakeBrowser();
  const all = await tabs(50);
  browser.expire();

  const responses = await done(Promise.all(all.map(({ authorised }) => authorised(browser.call))));

  expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]));
  expect(browser.refreshes).toBe(1);
});

test("a refusal that arrives after another tab has renewed is no reason to renew again", async () => {
  const browser = new FakeBrowser();
  const [one, other] = await tabs(2);
  browser.expire();
  const sent = Date.now();
  await done(one!.authorised(browser.call), 100);

  const renewal = await done(other!.renew(sent));

  expect(renewal.name).toBe("renewed");
  expect(browser.refreshes).toBe(1);
});

test("a token that is refused right after it was renewed is renewed again: the role may have changed", async () => {
  const browser = new FakeBrowser();
  const [one, other] = await tabs(2);
  browser.expire();
  await done(one!.authorised(browser.call), 100);
  browser.expire();

  const response = await done(other!.authorised(browser.call));

  expect(response.status).toBe(200);
  expect(browser.refreshes).toBe(2);
});

test("when the session is over each tab is told, and the refusal is the answer", async () => {
  const browser = new FakeBrowser();
  const { authorised, watchOver } = await openTab();
  const told = vi.fn<() => void>();
  watchOver(told);
  browser.expire();
  browser.refresh = () => 401;

  const responses = await done(Promise.all([authorised(browser.call), authorised(browser.call)]));

  expect(responses.map(({ status }) => status)).toEqual([401, 401]);
  expect(told).toHaveBeenCalled();
  expect(browser.refreshes).toBe(1);
});

test.for([429, 500, 503, 403, null])(
  "a renewal that is answered by %s is a network that is down, and nobody is signed out",
  async (status) => {
    const browser = new FakeBrowser();
    const { authorised, watchOver } = await openTab();
    const told = vi.fn<() => void>();
    watchOver(told);
    browser.expire();
    browser.refresh = () => status;

    const ends = await done(Promise.allSettled(Array.from({ length: 20 }, () => authorised(browser.call))));

    expect(ends.map((end) => end.status === "rejected" && end.reason instanceof TypeError)).not.toContain(false);
    expect(told).not.toHaveBeenCalled();
    expect(browser.refreshes).toBe(1);
  },
);

test("after a failure the next call tries again", async () => {
  const browser = new FakeBrowser();
  const { authorised } = await openTab();
  browser.expire();
  browser.refresh = () => null;
  await done(
    authorised(browser.call).catch(() => null),
    100,
  );
  browser.refresh = () => 204;

  const response = await done(authorised(browser.call));

  expect(response.status).toBe(200);
});

test("a tab that the browser has put to sleep in its turn is waited for only so long", async () => {
  const browser = new FakeBrowser();
  const { authorised } = await openTab();
  void browser.locks.request("session", () => new Promise(() => {}));
  browser.expire();

  const response = await done(authorised(browser.call));

  expect(response.status).toBe(200);
});

test("without locks every tab renews for itself, once", async () => {
  const browser = new FakeBrowser({ locks: false });
  const all = await tabs(3);
  browser.expire();

  const calls = all.flatMap(({ authorised }) => [authorised(browser.call), authorised(browser.call)]);
  const responses = await done(Promise.all(calls));

  expect(responses.map(({ status }) => status)).not.toContain(401);
  expect(browser.refreshes).toBe(3);
});

test("a 401 about something else is passed on", async () => {
  const browser = new FakeBrowser();
  const { authorised } = await openTab();

  const wrong = await done(authorised(async () => problem(401, "invalid_credentials")));
  const foreign = await done(authorised(async () => new Response("<html>", { status: 401 })));

  expect([wrong.status, foreign.status, browser.refreshes]).toEqual([401, 401, 0]);
});
