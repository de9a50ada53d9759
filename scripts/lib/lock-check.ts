// What can be wrong with a lock without anybody noticing: it names a registry, or it lacks other systems' binaries.
interface Meta {
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

/** Optional platform packages that a locked package names and `bun.lock` lacks: Bun drops them in silence. */
export function missingPlatforms(bunLock: string): string[] {
  // bun.lock is JSON with trailing commas.
  const lock = JSON.parse(bunLock.replaceAll(/,(\s*[}\]])/g, "$1")) as { packages: Record<string, unknown[]> };
  const missing: string[] = [];
  for (const [key, entry] of Object.entries(lock.packages)) {
    const meta = entry.find((part): part is Meta => typeof part === "object" && part !== null) ?? {};
    for (const name of Object.keys(meta.optionalDependencies ?? {})) {
      if (!(name in lock.packages) && !(`${key}/${name}` in lock.packages)) missing.push(`${key} → ${name}`);
    }
  }
  return missing;
}

/** Lines that tie a lock to one registry or machine, which would make it useless behind a mirror. */
export const boundLines = (lock: string): string[] =>
  lock.split("\n").filter((line) => /https?:\/\/|file:|--(extra-)?index|--find-links|--trusted-host/.test(line));

/** Requirements without a hash. */
export function unhashed(requirements: string): string[] {
  const logical = requirements.replaceAll("\\\n", " ").split("\n");
  return logical.filter((line) => /^[a-z0-9]/i.test(line) && !line.includes("--hash=sha256:"));
}
