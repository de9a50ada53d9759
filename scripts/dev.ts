// `make dev`: starts the app, says when it is ready, restarts what an edit touches, and ends it all on Ctrl-C.
import { cookieNames } from "../web/lib/project.ts";
import { hold } from "./lib/control.ts";
import { variables } from "./lib/env.ts";
import { main, Sentence } from "./lib/errors.ts";
import { controlSocket, developmentPlan, holderOf, type Part, PARTS, running, stackName } from "./lib/parts.ts";
import type { Name } from "./lib/services.ts";
import { Stack } from "./lib/stack.ts";
import { table } from "./lib/table.ts";
import { watch } from "./lib/watch.ts";

await main(async () => {
  const part = (process.argv[2] ?? "dev") as Part;
  if (!(part in PARTS)) throw new Sentence(`Usage: dev.ts [${Object.keys(PARTS).join(" | ")}]`);
  const others = (await running()).filter((other) =>
    other.status.services.some(({ name }) => (PARTS[part] as readonly string[]).includes(name)),
  );
  for (const other of others) {
    console.log(`Already running here: make ${other.part}, pid ${other.pid}. Stop it with: make stop\n`);
    console.log(table(other.status));
  }
  if (others.length > 0) return 1;

  const set = variables();
  const stack = new Stack(stackName(part), developmentPlan(part, set), PARTS[part], set);
  const lock = await hold(controlSocket(part), { status: () => stack.status(), stop });
  if (!lock) throw new Sentence("Another make dev of this folder is just starting.");

  let ending = false;
  async function stop(): Promise<void> {
    ending = true;
    await stack.stop();
    lock!.close();
  }
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (!ending) console.log("\nStopping …");
      void stop();
    });
  }

  try {
    const left = await stack.clear(holderOf);
    if (left > 0) console.log(`Ended ${left} processes that an earlier start had left behind.`);
    await stack.start((name, seconds) => {
      console.log(`  ${name.padEnd(11)} ready   ${seconds.toFixed(1)} s`);
      if (name === "web") void warm(stack.plan.ports.web);
    });
    if (!stack.isStopping) {
      announce(stack, part);
      watch(stack);
      await stack.supervisorEnded;
    }
    if (ending) return 0;
    console.error("The supervisor was ended from outside, so everything it ran is ended too. Start again: make dev");
    return 1;
  } catch (error) {
    if (!ending) throw error; // else it only says that what it waited for has been stopped
    return 0;
  } finally {
    await stop();
  }
});

/**
 * Next compiles a page when it is first asked for, which takes seconds: here, in the order a newcomer goes. Without what
 * looks like a session's token `proxy.ts` would turn us away from the pages of tasks before they are compiled.
 */
async function warm(port: number): Promise<void> {
  const claims = Buffer.from(JSON.stringify({ iat: 0, exp: Date.now() / 1000 + 300 })).toString("base64url");
  const headers = { cookie: `${cookieNames("access")[1]}=nobody.${claims}.nobody` };
  for (const page of ["/", "/sign-in", "/tasks", "/tasks/warm"]) {
    await fetch(`http://127.0.0.1:${port}${page}`, { headers, redirect: "manual" }).catch(() => undefined);
  }
}

function announce(stack: Stack, part: Part): void {
  const { ports, env } = stack.plan;
  const runs = (name: Name) => stack.services.some((service) => service.name === name);
  console.log("");
  if (runs("web")) console.log(`  The app    ${env["SITE_URL"]}`);
  if (runs("api")) console.log(`  The API    http://localhost:${ports.api}/api/docs`);
  console.log(
    `\n  make logs shows what they say, make status how they are; Ctrl-C or make stop ends ${part === "dev" ? "everything" : "this half"}.`,
  );
}
