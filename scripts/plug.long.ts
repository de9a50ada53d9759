// Pulls the plug in a stack as in development: what the API kills is back, and a reader ends with the whole text.
import assert from "node:assert/strict";
import { test } from "node:test";

import type { components as plug } from "../web/features/plug/schema.d.ts";
import type { components } from "../web/lib/api/schema.d.ts";
import { RuledReader } from "../web/lib/streams/rules.ts";
import { hold } from "./lib/control.ts";
import { follow } from "./lib/follow.ts";
import { until } from "./lib/ready.ts";
import { throwAway } from "./lib/throw-away.ts";

type Task = components["schemas"]["Task"];
type Part = plug["schemas"]["Part"];

const DEVELOPMENT = {
  ENVIRONMENT: "development",
  DEMO_EMAIL: "demo@example.com",
  DEMO_PASSWORD: "pull the plug on me",
  OFFLINE_TOKENS_PER_SECOND: "80",
};

test("each part that the API kills is back with another process, and the text is whole", async (t) => {
  const { stack, end } = await throwAway(["postgres", "valkey", "api", "worker"], DEVELOPMENT);
  const { env } = stack.plan;
  const control = await hold(env["CONTROL_SOCKET"]!, { status: () => stack.status(), stop: () => stack.stop() });
  t.after(async () => {
    control!.close();
    await end("plug-logs");
  });
  await stack.start(() => undefined);
  const headers: Record<string, string> = { origin: env["SITE_URL"]!, "content-type": "application/json" };
  const call = (method: string, path: string, body?: object, more = {}) =>
    fetch(`${env["API_URL"]}/api/v1${path}`, {
      method,
      headers: { ...headers, ...more },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
  const demo = { email: DEVELOPMENT.DEMO_EMAIL, password: DEVELOPMENT.DEMO_PASSWORD };
  headers["cookie"] = (await call("POST", "/auth/login", demo)).headers.getSetCookie().join("; ");
  const prompt = "A marketplace where labs sell used microscopes to schools";
  const { id } = (await (await call("POST", "/tasks", { kind: "project_plan", prompt })).json()) as Task;
  const reader = new RuledReader();
  const reading = follow(reader, (cursor) =>
    call("GET", `/tasks/${id}/stream`, undefined, cursor === null ? {} : { "last-event-id": cursor }),
  );
  reading.catch(() => undefined); // awaited below

  for (const name of ["valkey", "api", "worker"]) {
    const length = reader.text.length;
    assert.ok(await until(async () => reader.text.length > length + 50, { timeout: 20_000 }), `text before ${name}`);
    const killed = await call("POST", `/plug/${name}/kill`);
    assert.equal(killed.status, 202);
    const { pid } = (await killed.json()) as Part;
    const isBack = async () => {
      const now = (await stack.status()).services.find((service) => service.name === name)!;
      return now.ready && now.pid !== pid;
    };
    assert.ok(await until(isBack, { timeout: 15_000 }), `${name} is back`);
  }
  await reading;

  const task = (await (await call("GET", `/tasks/${id}`)).json()) as Task;
  assert.equal(reader.ending, "task_finished");
  assert.equal(task.status, "completed");
  assert.ok(task.attempt >= 2, "the worker was killed in the middle of the text");
  assert.equal(reader.text, task.text);
});
