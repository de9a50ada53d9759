/** "Pull the plug" is for development: a build for production has neither the panel nor what it calls. */
import { globSync, readFileSync } from "node:fs";

import { fromSite } from "../lib/member.ts";
import { expect, test } from "../lib/test.ts";

test("there is no plug outside development", { tag: ["@long", "@inside"] }, async ({ page, member, taskPage }) => {
  await taskPage.open(await member.create("A greenhouse with sensors"));
  await taskPage.isDone();
  await expect(page.getByText("Pull the plug")).toHaveCount(0);

  const api = page.request;
  expect((await api.get("/api/v1/plug")).status()).toBe(404);
  expect((await api.post("/api/v1/plug/worker/kill", { headers: fromSite })).status()).toBe(404);
  expect(Object.keys((await (await api.get("/api/openapi.json")).json()).paths)).not.toContain("/api/v1/plug");
});

test("no script of the build knows the plug", { tag: "@inside" }, () => {
  const files = globSync("../web/.next/standalone/web/.next/**/*.js").map((file) => readFileSync(file, "utf8"));

  expect(files.some((text) => text.includes("Waiting for a worker"))).toBe(true);
  expect(files.filter((text) => /Pull the plug|\/api\/v1\/plug/.test(text))).toEqual([]);
});
