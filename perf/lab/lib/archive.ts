// The archive: every run in a file of its own, compressed, under a name that only the same run can have.
import { createHash, randomUUID } from "node:crypto";
import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";

import { Sentence } from "../../../scripts/lib/errors.ts";
import { root } from "../../../scripts/lib/paths.ts";
import type { Kept, Move } from "./compare.ts";
import { parseRun, type Run } from "./run.ts";

/** `ARCHIVE`, or a folder of this copy, which `make clean` removes. */
export const archiveFolder = (): string =>
  process.env["ARCHIVE"] ? resolve(process.env["ARCHIVE"]) : join(root, ".data", "perf", "archive");

const MOVES: readonly string[] = ["regressed", "improved", "accepted"] satisfies Move[];

/** All that was kept, the oldest first. Throws a sentence on a file that can't be read: a base may be in it. */
export function readArchive(folder: string): Kept[] {
  return names(folder).map((name) => readKept(join(folder, name)));
}

function readKept(file: string): Kept {
  let kept: unknown;
  try {
    kept = JSON.parse(gunzipSync(readFileSync(file)).toString());
  } catch {
    throw new Sentence(`${file} is damaged: remove it, or bring it back from where it was copied to.`);
  }
  const { moved, run } = (kept ?? {}) as Partial<Kept>;
  const isProper = typeof moved === "object" && Object.values(moved ?? {}).every((move) => MOVES.includes(move));
  if (!isProper || moved === null) throw new Sentence(`${file} doesn't say which budgets had moved.`);
  return { run: parseRun(JSON.stringify(run ?? null), file), moved };
}

/** Writes it, whole or not at all, and says where. With `again` what was noted about the same run is replaced. */
export function keep(folder: string, kept: Kept, again = false): { file: string; isNew: boolean } {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, nameOf(kept.run));
  const part = join(folder, `.${randomUUID()}.part`);
  try {
    writeFileSync(part, gzipSync(JSON.stringify({ moved: kept.moved, run: kept.run }), { level: 9 }));
    if (again && existsSync(file)) renameSync(part, file);
    // A link is refused where the name is taken: two who keep at once don't write over each other.
    else linkSync(part, file);
    return { file, isNew: true };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return { file, isNew: false };
    throw error;
  } finally {
    rmSync(part, { force: true });
  }
}

/** When, which commit, and a digest of the whole run: what differs in anything has another name. */
export function nameOf(run: Run): string {
  const digest = createHash("sha256").update(JSON.stringify(run)).digest("hex").slice(0, 12);
  const at = new Date(run.at).toISOString().replace(/[-:]|\.\d+/g, "");
  return `${at}-${(run.commit ?? "none").replace(/\W/g, "").slice(0, 8)}-${digest}.json.gz`;
}

function names(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /^\d{8}T\d{6}Z-.*\.json\.gz$/.test(name))
    .toSorted();
}

/**
 * Removes the oldest runs of each kind of machine above `most` and gives their names. One that is the last good run of
 * a budget outlives those that are none, so that a long row of failures doesn't take away what they are compared with.
 */
export function prune(folder: string, most: number): string[] {
  const kinds = Map.groupBy(
    names(folder).map((name) => ({ name, kept: readKept(join(folder, name)) })),
    ({ kept: { run } }) => `${run.machine.kind} ${run.quick}`,
  );
  const dropped = [...kinds.values()].flatMap((all) => {
    const bases = basesOf(all);
    const order = [...all.filter((each) => !bases.has(each.name)), ...all.filter((each) => bases.has(each.name))];
    return order.slice(0, Math.max(0, all.length - most)).map(({ name }) => name);
  });
  for (const name of dropped) rmSync(join(folder, name), { force: true });
  return dropped;
}

function basesOf(all: readonly { name: string; kept: Kept }[]): Set<string> {
  const last = new Map<string, string>();
  for (const { name, kept } of all)
    for (const { id, failure } of kept.run.verdicts)
      if (failure === null && kept.moved[id] !== "regressed") last.set(id, name);
  return new Set(last.values());
}
