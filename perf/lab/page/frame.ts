// A page for people that needs nothing but itself: no script, no network, the look of the app in both themes.
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { Sentence } from "../../../scripts/lib/errors.ts";
import { web } from "../../../scripts/lib/paths.ts";
import { STYLE } from "./style.ts";

/** HTML that has been put together here; what isn't is escaped on its way in. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = Html | string | number | null | readonly Part[];

/** Escapes what is put in, but for Html and lists of it; null is nothing. */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Html {
  return new Html(strings.reduce((text, string, index) => text + written(parts[index - 1] ?? null) + string));
}

function written(part: Part): string {
  if (part === null) return "";
  if (part instanceof Html) return part.text;
  if (typeof part === "object") return part.map(written).join("");
  return String(part).replace(/[&<>"]/g, (char) => ESCAPED[char]!);
}

const ESCAPED: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** The whole document. The policy in it lets nothing be fetched, and no script run. */
export function page({ title, body }: { title: string; body: Html }): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"
        />
        <link rel="icon" href="data:," />
        <title>${title}</title>
        <style>
          ${new Html(tokens())}${new Html(STYLE)}
        </style>
      </head>
      <body>
        ${body}
      </body>
    </html> `.text;
}

/** The app's own colours: the first block of its style sheet. */
function tokens(): string {
  const block = /^:root \{\n[^}]+\}\n/m.exec(readFileSync(join(web, "app", "globals.css"), "utf8"))?.[0];
  if (block === undefined) throw new Sentence("web/app/globals.css has no :root block to take the colours from.");
  return block;
}
