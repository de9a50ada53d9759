// What the page's server does in a second, and how long it takes over one page.
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";

import { given, type Result } from "../lib/budgets.ts";
import type { Measure } from "../lib/command.ts";
import { answersPerSecond } from "./asking.ts";
import { startFront } from "./front.ts";
import type { Site } from "./site.ts";

/** By turns with the floor: Node's own server that gives the same bytes, behind the same nginx. */
export const landing: Measure<Site> = {
  ids: ["landing-rate"],

  async run(site, [budget]) {
    const page = await (await fetch(site.url)).text();
    const floor = await startFloor(page);
    site.endsWith(() => floor.end());
    // nginx asks the API for what begins with /api/: there is the floor.
    const front = await startFront(`127.0.0.1:${floor.port}`, new URL(site.url).host.replace("localhost", "127.0.0.1"));
    site.endsWith(() => front.end());
    const load = { port: front.port, connections: given(budget!, "connections"), seconds: given(budget!, "seconds") };
    const rates: { ours: number; floor: number }[] = [];
    await answersPerSecond({ ...load, path: "/", seconds: given(budget!, "warmUp") });
    for (let round = 0; round < budget!.samples; round++)
      rates.push({
        ours: await answersPerSecond({ ...load, path: "/" }),
        floor: await answersPerSecond({ ...load, path: "/api/floor" }),
      });
    await site.mustLive();
    const said = rates.map(({ ours, floor: bare }) => `${ours.toFixed(0)}/${bare.toFixed(0)}`).join(" ");
    return {
      "landing-rate": { samples: rates.map(({ ours, floor: bare }) => ours / bare), note: `a second: ${said}` },
    };
  },
};

async function startFloor(page: string): Promise<{ port: number; end(): void }> {
  const body = gzipSync(page);
  const headers = {
    "content-type": "text/html; charset=utf-8",
    "content-encoding": "gzip",
    "content-length": body.length,
  };
  const server = createServer((_, answer) => answer.writeHead(200, headers).end(body));
  server.keepAliveTimeout = 75_000;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const end = () => {
    server.close();
    server.closeAllConnections();
  };
  return { port: (server.address() as AddressInfo).port, end };
}

/** A finished task's page, from the request to the last byte, one after the other. */
export const task: Measure<Site> = {
  ids: ["task-render", "task-render-p95"],

  async run(site, budgets) {
    const { cookie, task: path } = await site.signIn();
    const url = site.url + path;
    for (let round = 0; round < given(budgets[0]!, "warmUp"); round++) await timeOf(url, cookie);
    const samples: number[] = [];
    const count = Math.max(...budgets.map((budget) => budget.samples));
    for (let round = 0; round < count; round++) samples.push(await timeOf(url, cookie));
    await site.mustLive();
    const result: Result = { samples };
    return Object.fromEntries(budgets.map(({ id }) => [id, result]));
  },
};

/** In milliseconds. Throws on anything but the page. */
function timeOf(url: string, cookie: string): Promise<number> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers: { cookie, "accept-encoding": "gzip" } }, (answer) => {
      if (answer.statusCode !== 200) reject(new Error(`${url}: ${answer.statusCode}`));
      answer.resume();
      answer.once("error", reject);
      answer.once("end", () => resolve(performance.now() - began));
    });
    asked.once("error", reject);
    asked.end();
  });
}
