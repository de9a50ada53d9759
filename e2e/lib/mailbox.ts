/** What the stack under test has sent to somebody. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "@playwright/test";

import { site } from "./site.ts";

/** The mails to this address, the oldest first, as their senders wrote them. */
export function mailsTo(address: string): string[] {
  return readdirSync(site.mails)
    .filter((name) => name.endsWith(".eml"))
    .toSorted()
    .map((name) => readFileSync(join(site.mails, name), "utf8"))
    .filter((mail) => mail.toLowerCase().includes(`\nto: ${address.toLowerCase()}`))
    .map(unfolded);
}

/** The path of the newest link to `page` that this address was sent, with its secret, once there is one. */
export async function linkIn(address: string, page: string, except?: string): Promise<string> {
  let found: string | undefined;
  const look = () => {
    const links = mailsTo(address).flatMap((mail) => mail.match(/https?:\/\/[^\s"<>]+#token=[\w-]+/g) ?? []);
    found = links.map((link) => link.slice(site.url.length)).findLast((path) => path.startsWith(`${page}#`));
    return found !== undefined && found !== except;
  };
  await expect.poll(look, { message: `a link to ${page} is sent to ${address}` }).toBe(true);
  return found!;
}

/** Without what quoted-printable does to long lines and to `=`. */
function unfolded(mail: string): string {
  return mail
    .replaceAll(/=\r?\n/g, "")
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCodePoint(parseInt(hex, 16)));
}
