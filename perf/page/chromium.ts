// A Chromium that is told what to do over a port.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { findBrowser } from "../../scripts/lib/browser.ts";
import { eventually } from "../lib/wait.ts";

export async function startChromium(): Promise<{ port: number; end(): Promise<void> }> {
  const { path, args } = await findBrowser();
  const profile = mkdtempSync(join(tmpdir(), "slipstream-chromium-"));
  const quiet = ["--headless=new", "--no-first-run", "--disable-extensions", "--disable-background-networking"];
  const child = spawn(
    path,
    [...args, ...quiet, "--remote-debugging-port=0", `--user-data-dir=${profile}`, "about:blank"],
    { stdio: "ignore" },
  );
  const gone = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  const end = async () => {
    child.kill();
    await gone;
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  let port = 0;
  try {
    await eventually("Chromium's port", () => (port = portIn(profile)) > 0);
  } catch (error) {
    await end();
    throw error;
  }
  return { port, end };
}

/** Chromium writes down which port it got; 0 while it hasn't. */
function portIn(profile: string): number {
  try {
    return Number(readFileSync(join(profile, "DevToolsActivePort"), "utf8").split("\n")[0]);
  } catch {
    return 0;
  }
}
