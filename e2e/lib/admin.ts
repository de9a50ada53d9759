/** What only somebody at the server can do. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { api, python } from "../../scripts/lib/paths.ts";
import { site } from "./site.ts";

/** Gives the account the role, as `make admin` does. They have to sign in again, or to refresh. */
export async function makeAdmin(email: string): Promise<void> {
  await promisify(execFile)(python, ["-m", "app.admin", email], { cwd: api, env: { ...process.env, ...site.env } });
}
