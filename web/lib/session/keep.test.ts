// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { FakeBrowser, openTab } from "./fake-browser";

const MINUTE = 60_000;
const life = { left: 5 * MINUTE, whole: 5 * MINUTE };

let visible: boolean;
let closing: (() => void)[] = [];

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  visible = true;
  vi.spyOn(document, "visibilityState", "get").mockImplementation(() => (visible ? "visible" : "hidden"));
});
afterEach(() => {
  for (const close of closing) close();
  closing = [];
  vi.useRealTimers();
});

async function keep(count = 1, of = life) {
  for (let number = 0; number < count; number++) {
    const { keepSession, watchOver } = await openTab();
    watchOver(over);
    closing.push(keepSession(of));
  }
}
const over = vi.fn<() => void>();
const look = (now: boolean) => {
  visible = now;
  document.dispatchEvent(new Event("visibilitychange"));
};
const network = (onLine: boolean) => {
  Object.assign(navigator, { onLine });
  window.dispatchEvent(new Event(onLine ? "online" : "offline"));
};

test("the token is renewed before it runs out, again and again", async () => {
  const browser = new FakeBrowser();
  await keep();

  await vi.advanceTimersByTimeAsync(3.4 * MINUTE);
  expect(browser.refreshes).toBe(0);
  await vi.advanceTimersByTimeAsync(0.7 * MINUTE);
  expect(browser.refreshes).toBe(1);
  await vi.advanceTimersByTimeAsync(60 * MINUTE);
  expect(browser.refreshes).toBeGreaterThanOrEqual(15);
  expect(browser.refreshes).toBeLessThanOrEqual(19);
});

test("of fifty windows that are looked at, one does it for all", async () => {
  const browser = new FakeBrowser();
  await keep(50);

  await vi.advanceTimersByTimeAsync(60 * MINUTE);

  expect(browser.refreshes).toBeLessThanOrEqual(19);
});

test("fifty tabs in the background ask nothing, and one that is looked at again asks once", async () => {
  const browser = new FakeBrowser();
  look(false);
  await keep(50);
  await vi.advanceTimersByTimeAsync(8 * 60 * MINUTE);
  expect(browser.refreshes).toBe(0);

  look(true);
  await vi.advanceTimersByTimeAsync(1_000);

  expect(browser.refreshes).toBe(1);
});

test("offline nothing is tried, and the way back is one renewal", async () => {
  const browser = new FakeBrowser();
  await keep(10);
  network(false);
  await vi.advanceTimersByTimeAsync(60 * MINUTE);
  expect(browser.refreshes).toBe(0);

  network(true);
  await vi.advanceTimersByTimeAsync(1_000);

  expect(browser.refreshes).toBe(1);
});

test("after the machine slept the token is renewed at once, by one", async () => {
  const browser = new FakeBrowser();
  await keep(10);
  await vi.advanceTimersByTimeAsync(1_000);

  vi.setSystemTime(Date.now() + 12 * 60 * MINUTE);
  look(true);
  await vi.advanceTimersByTimeAsync(1_000);

  expect(browser.refreshes).toBe(1);
});

test("an API that is away is asked ever more rarely, and then again in time", async () => {
  const browser = new FakeBrowser();
  browser.refresh = () => 503;
  await keep(1, { ...life, left: 0 });

  await vi.advanceTimersByTimeAsync(10 * MINUTE);
  expect(browser.refreshes).toBeLessThan(30);
  browser.refresh = () => 204;
  const before = browser.refreshes;
  await vi.advanceTimersByTimeAsync(3 * MINUTE);

  expect(browser.refreshes).toBe(before + 1);
});

test("a clock that is wrong makes no storm", async () => {
  const browser = new FakeBrowser();
  await keep(1, { left: -60 * MINUTE, whole: 1_000 });

  await vi.advanceTimersByTimeAsync(10 * MINUTE);

  expect(browser.refreshes).toBeLessThanOrEqual(61);
});

test("when the session is over the page is told once, and nothing is asked any more", async () => {
  over.mockClear();
  const browser = new FakeBrowser();
  browser.refresh = () => 401;
  await keep(1);

  await vi.advanceTimersByTimeAsync(60 * MINUTE);

  expect(over).toHaveBeenCalledOnce();
  expect(browser.refreshes).toBe(1);
});

test("a page that is left renews nothing", async () => {
  const browser = new FakeBrowser();
  await keep();
  closing.pop()?.();

  await vi.advanceTimersByTimeAsync(60 * MINUTE);

  expect(browser.refreshes).toBe(0);
});
