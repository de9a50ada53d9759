// Where things are: everything the scripts read or write lies inside the project's folder.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const api = join(root, "api");
export const web = join(root, "web");
export const python = join(root, ".venv", "bin", "python");
export const node = join(root, ".tools", "bin", "node");
export const bun = join(root, ".tools", "bin", "bun");

/** A stack's data, logs and secrets: `.data/dev` for the developer's own. */
export const stackFolder = (stack: string): string => join(root, ".data", stack);
