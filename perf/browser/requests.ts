// What each page asks for when it is opened, and what a prompt does: nothing that isn't needed.
import { globSync } from "node:fs";
import { join } from "node:path";

import type { Page } from "playwright-core";

import { Sentence } from "../../scripts/lib/errors.ts";
import { api, python, web } from "../../scripts/lib/paths.ts";
import { outputOf } from "../../scripts/lib/run.ts";
import { given } from "../lib/budgets.ts";
import type { Measure } from "../lib/command.ts";
import { FILES, NEEDED, NEEDED_BY_A_PROMPT, SOCKET } from "./needed.ts";
import type { Visit } from "./visit.ts";
import type { Visitor } from "./visitor.ts";

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

interface Route {
  path: string;
  /** For people who are signed in. */
  ours: boolean;
}

/** Every page, as its folders name it: `/tasks/[id]`. */
const routes: readonly Route[] = globSync("**/page.tsx", { cwd: join(web, "app") }).map((file) => {
  const folders = file.split("/").slice(0, -1);
  return { path: `/${folders.filter((name) => !/^\(.*\)$/.test(name)).join("/")}`, ours: folders.includes("(app)") };
});

export const requests: Measure<Visit> = {
  ids: ["page-requests"],

  /** Each sample is a page, the last one a prompt: how many requests are not on its list. */
  async run(visit, budgets) {
    const stranger = Object.keys(NEEDED).find((route) => !routes.some(({ path }) => path === route));
    if (stranger) throw new Sentence(`perf/browser/needed.ts lists ${stranger}, which is no page.`);
    const [rest, together] = [given(budgets[0]!, "rest"), given(budgets[0]!, "together")];
    const administrator = await visit.visitor(budgets, { throttle: 1 });
    const { env } = (await visit.stack(budgets)).plan;
    outputOf([python, "-m", "app.admin", administrator.email], api, { ...process.env, ...env });
    await administrator.signIn();
    const visitor = await visit.visitor(budgets, { throttle: 1 });
    await visitor.context.clearCookies();

    const { id } = await administrator.create("A tide table");
    await administrator.finished(id);
    const extra: string[][] = [];
    for (let at = 0; at < routes.length; at += together) {
      const some = routes.slice(at, at + together);
      const opened = some.map((route) => open(route.ours ? administrator : visitor, route, id, rest));
      extra.push(...(await Promise.all(opened)));
    }
    extra.push(await prompt(administrator, rest));
    await Promise.all([administrator.end(), visitor.end()]);
    await visit.mustLive();
    const found = extra.flatMap((each, index) => each.map((what) => `${routes[index]?.path ?? "a prompt"}: ${what}`));
    return { "page-requests": { samples: extra.map(({ length }) => length), note: found.join(", ") } };
  },
};

async function open({ context }: Visitor, { path, ours }: Route, id: string, rest: number): Promise<string[]> {
  const page = await context.newPage();
  const asked = await heard(page);
  await page.goto(path.replace(/\[[^\]]+\]/g, id));
  await page.evaluate((ms) => window.recorder.whenQuiet(ms), rest);
  const extra = without(asked(), [`GET ${path}`, ...(ours ? [SOCKET] : []), ...(NEEDED[path] ?? [])]);
  await page.close();
  return extra;
}

async function prompt(visitor: Visitor, rest: number): Promise<string[]> {
  await visitor.page.goto("/tasks");
  await visitor.compose();
  await visitor.quiet(rest);
  const asked = await heard(visitor.page);
  await visitor.send("A rain gauge");
  await visitor.done();
  await visitor.quiet(rest);
  return without(asked(), NEEDED_BY_A_PROMPT);
}

/** Gives what the page has asked for since. Files have names of their own: each may come once. */
async function heard(page: Page): Promise<() => string[]> {
  const cdp = await page.context().newCDPSession(page);
  const asked: { id: string; what: string }[] = [];
  const kept = new Set<string>();
  const files = new Set<string>();
  cdp.on("Network.requestWillBeSent", ({ requestId: id, request }) => {
    const { pathname, search } = new URL(request.url);
    if (FILES.test(pathname) && !files.has(pathname)) return void files.add(pathname);
    const what = pathname.replace(UUID, "[id]") + search.replace(/(_rsc)=\w+/, "$1");
    asked.push({ id, what: `${request.method} ${what}` });
  });
  cdp.on("Network.webSocketCreated", ({ requestId: id, url }) =>
    asked.push({ id, what: `WS ${new URL(url).pathname}` }),
  );
  // What the browser has kept costs nobody a request.
  cdp.on("Network.requestServedFromCache", ({ requestId }) => kept.add(requestId));
  cdp.on("Network.responseReceived", ({ requestId, response }) => response.fromDiskCache && kept.add(requestId));
  await cdp.send("Network.enable");
  return () => asked.flatMap(({ id, what }) => (kept.has(id) ? [] : [what]));
}

/** What was asked for beyond what is needed, each as often as it is there. */
function without(asked: readonly string[], needed: readonly string[]): string[] {
  const left = [...needed];
  return asked.filter((what) => {
    const place = left.indexOf(what);
    if (place !== -1) left.splice(place, 1);
    return place === -1;
  });
}
