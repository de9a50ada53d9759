// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";

const close = vi.fn<() => void>();

class Socket {
  close = close;
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.resetModules();
  vi.stubGlobal("fetch", () => Promise.resolve(new Response("through")));
  vi.stubGlobal("WebSocket", Socket);
  close.mockReset();
});
afterEach(() => {
  vi.useRealTimers();
});

test("what is tried during a cut fails, and afterwards doesn't", async () => {
  const { cutNetwork } = await import("./network");
  const back = cutNetwork(3_000);

  await expect(fetch("/")).rejects.toThrow(TypeError);
  expect(new WebSocket("ws://localhost")).toBeInstanceOf(Socket);
  expect(close).toHaveBeenCalledOnce();

  vi.advanceTimersByTime(3_000);
  await back;
  expect(await (await fetch("/")).text()).toBe("through");
  expect(WebSocket).toBe(Socket);
});

test("the page hears of both ends", async () => {
  const heard: string[] = [];
  for (const name of ["offline", "online"]) window.addEventListener(name, () => heard.push(name), { once: true });
  const { cutNetwork } = await import("./network");

  const back = cutNetwork(3_000);
  expect(heard).toEqual(["offline"]);
  vi.advanceTimersByTime(3_000);
  await back;

  expect(heard).toEqual(["offline", "online"]);
});

test("a second cut during the first leaves no page without its network", async () => {
  const { cutNetwork } = await import("./network");
  const both = Promise.all([cutNetwork(3_000), cutNetwork(3_000)]);

  vi.advanceTimersByTime(3_000);
  await both;

  expect(await (await fetch("/")).text()).toBe("through");
});

test("the panel's own line stays", async () => {
  const { cutNetwork, ownFetch } = await import("./network");
  const back = cutNetwork(3_000);

  expect(await (await ownFetch("/")).text()).toBe("through");

  vi.advanceTimersByTime(3_000);
  await back;
});
