// Finds a Chromium for the tests. In this order: CHROMIUM_PATH, the system's Chromium or Chrome, Playwright's own, the
// one inside an npm package (Linux; it needs no system package and no root).
import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import { Sentence } from "./errors.ts";
import { root } from "./paths.ts";
import { isRoot, onPath } from "./privileges.ts";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const MAC = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

interface Browser {
  path: string;
  args: string[];
  source: string;
}

export async function findBrowser(): Promise<Browser> {
  // Chromium's sandbox doesn't work for root.
  const args = isRoot ? ["--no-sandbox"] : [];
  const named = process.env["CHROMIUM_PATH"];
  if (named) {
    if (!existsSync(named)) throw new Sentence(`CHROMIUM_PATH names ${named}, which doesn't exist.`);
    return { path: named, args, source: "CHROMIUM_PATH" };
  }
  const system = [...NAMES.map(onPath), ...MAC].find((file) => file !== null && existsSync(file));
  if (system) return { path: system, args, source: "system" };

  const require = createRequire(join(root, "e2e", "package.json"));
  const playwright = require("@playwright/test") as { chromium: { executablePath(): string } };
  if (existsSync(playwright.chromium.executablePath())) {
    return { path: playwright.chromium.executablePath(), args, source: "playwright" };
  }
  // The package's own arguments are for a cloud function: one process for everything, which ends with the first page.
  // Its setuid sandbox is missing whoever runs it.
  if (process.platform === "linux") {
    const path = await unpacked(require);
    if (!existsSync("/etc/fonts/fonts.conf")) process.env["FONTCONFIG_FILE"] ??= ownFonts(dirname(path));
    return { path, args: ["--no-sandbox"], source: "package" };
  }
  throw new Sentence("There is no Chromium here: install Chrome, or name one by CHROMIUM_PATH.");
}

/**
 * A machine that has no browser may have no fonts: text that asks for one of the system's is then not there, or takes
 * the page with it. The package brings one, and a configuration that looks for it elsewhere.
 */
function ownFonts(folder: string): string {
  const file = join(folder, "own-fonts.conf");
  const dirs = [join(folder, "fonts"), "/usr/share/fonts"].map((name) => `<dir>${name}</dir>`).join("");
  if (!existsSync(file)) writeFileSync(file, `<?xml version="1.0"?><fontconfig>${dirs}</fontconfig>\n`);
  return file;
}

/** The package unpacks itself into the temporary folder. Ours, moved when it is whole: half of it would stay for ever. */
async function unpacked(require: NodeJS.Require): Promise<string> {
  const folder = join(root, ".tools", "chromium");
  const file = join(folder, "chromium");
  if (existsSync(file)) return file;
  const packed = (await import(require.resolve("@sparticuz/chromium"))) as {
    default: { executablePath(): Promise<string> };
  };
  const before = process.env["TMPDIR"];
  const fresh = mkdtempSync(`${folder}-`);
  process.env["TMPDIR"] = fresh;
  try {
    await packed.default.executablePath();
    renameSync(fresh, folder);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    if (!existsSync(file)) throw error; // else another process was first
  } finally {
    if (before === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = before;
  }
  return file;
}
