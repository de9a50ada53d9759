/** Every page of the app, so that a test that is about all of them misses none. */
import { globSync } from "node:fs";
import { join } from "node:path";

import { web } from "../../scripts/lib/paths.ts";

/** The routes that have a page, as their folders name them: `/tasks/[id]`. */
export const routes: readonly string[] = globSync("**/page.tsx", { cwd: join(web, "app") })
  .map(
    (file) =>
      `/${file
        .split("/")
        .slice(0, -1)
        .filter((part) => !/^\(.*\)$/.test(part))
        .join("/")}`,
  )
  .toSorted();

/** An address of the route; `id` stands for each of its parameters. */
export const addressOf = (route: string, id: string): string => route.replace(/\[[^\]]+\]/g, id);

/** Those that are for people who are signed in. */
export const isProtected = (route: string): boolean => /^\/(admin|design|settings|tasks)(\/|$)/.test(route);
