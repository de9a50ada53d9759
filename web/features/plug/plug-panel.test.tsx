// @vitest-environment happy-dom
import { QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render, screen } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { newQueryClient } from "@/lib/query";

import type { Seen } from "./parts";
import { PlugPanel } from "./plug-panel";

const api = vi.hoisted(() => ({ fetch: vi.fn<(request: Request) => Promise<Response>>() }));

vi.mock("./network", () => ({ ownFetch: api.fetch, cutNetwork: () => Promise.resolve() }));

const up: Seen[] = [
  { name: "api", pid: 1, ready: true },
  { name: "worker", pid: 2, ready: true },
  { name: "valkey", pid: 3, ready: true },
];
let items = up;
let status = 200;

const posts = () => api.fetch.mock.calls.map(([request]) => request).filter(({ method }) => method === "POST");
const show = (client = newQueryClient()) =>
  render(
    <QueryClientProvider client={client}>
      <PlugPanel />
    </QueryClientProvider>,
  );

beforeEach(() => {
  [items, status] = [up, 200];
  window.location.href = "http://localhost/";
  api.fetch.mockReset().mockImplementation(async ({ method }) => {
    if (method === "POST") return Response.json(up[1], { status: 202 });
    return status === 200 ? Response.json({ items }) : new Response("", { status });
  });
});
afterEach(cleanup);

test("a kill is sent, and told as long as the part is away", async () => {
  show();
  await userEvent.click(await screen.findByRole("button", { name: "Kill a Worker up" }));

  expect(await screen.findByRole("button", { name: "Kill a Worker down" })).toBeTruthy();
  expect(posts().map(({ url }) => new URL(url).pathname)).toEqual(["/api/v1/plug/worker/kill"]);
  expect(screen.getByRole("status").textContent).toBe("Worker: down.");

  items = up.with(1, { name: "worker", pid: 9, ready: true });
  expect(await screen.findByRole("button", { name: /Kill a Worker back after \d\.\d s/ })).toBeTruthy();
  expect(screen.getByRole("status").textContent).toMatch(/^Worker: back after/);
});

test("what is down can't be killed again, and keeps the focus", async () => {
  show();
  const worker = await screen.findByRole("button", { name: /Worker/ });
  await userEvent.click(worker);
  await screen.findByRole("button", { name: "Kill a Worker down" });

  await userEvent.click(worker);

  expect(posts()).toHaveLength(1);
  expect(document.activeElement).toBe(worker);
});

test("an API that doesn't answer is down", async () => {
  status = 500;
  show();

  expect(await screen.findByRole("button", { name: "Kill the API down" })).toBeTruthy();
});

test("where there is no plug there is no panel", async () => {
  status = 404;
  const client = newQueryClient();
  show(client);

  await vi.waitFor(() => expect(client.getQueryData(["plug"])).toBeNull());
  expect(screen.queryByText("Pull the plug")).toBeNull();
});
