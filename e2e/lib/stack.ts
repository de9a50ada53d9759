/** The parts of the stack under test, and what happens to them on a bad day. */
import { expect } from "@playwright/test";

import { ask, type ServiceStatus } from "../../scripts/lib/control.ts";
import { site } from "./site.ts";

type Part = "api" | "worker" | "valkey";

/** Kills a part as no shutdown handler can see it. */
export async function kill(name: Part): Promise<Killed> {
  const { pid } = await status(name);
  if (pid === null) throw new Error(`${name} doesn't run`);
  process.kill(pid, "SIGKILL");
  return {
    isBack: () =>
      expect
        .poll(async () => status(name).then((now) => now.ready && now.pid !== pid), {
          message: `${name} is running again`,
          timeout: 15_000,
        })
        .toBe(true),
  };
}

interface Killed {
  /** Passes when another process has taken the part's place, within what the contract allows. */
  isBack: () => Promise<void>;
}

async function status(name: Part): Promise<ServiceStatus> {
  const found = (await ask(site.control, "status"))?.services.find((service) => service.name === name);
  if (!found) throw new Error(`The stack says nothing of ${name}`);
  return found;
}
