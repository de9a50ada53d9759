/** Which tests this run has no use for, by their tags, and why: nothing is left out in silence. */
import { site } from "./site.ts";

const reasons: [tag: string, reason: string][] = [];
if (process.env["WITHOUT_LONG"]) reasons.push(["@long", "they are CI's, and come to whoever asks for some"]);
if (!site.isOurs)
  reasons.push(["@inside", `${site.url} is no stack of these tests: its mails, logs and processes are elsewhere`]);
if (!site.hasApi) reasons.push(["@api", "no API_URL says where the API is without its web server"]);

export const LEFT_OUT: readonly string[] = [
  ...reasons.map(([tag, reason]) => `Left out: ${tag} (${reason})`),
  ...(site.isOurs ? [] : ["Left out: the bad days (nothing is killed that these tests didn't start)"]),
];

/** A browser's own: what others have no permissions or other words for. */
export function leftOut(engine: string): RegExp[] {
  const tags = reasons.map(([tag]) => tag);
  if (engine !== "chromium") tags.push("@chromium");
  return tags.map((tag) => new RegExp(`${tag}\\b`));
}
