// A mail server that delivers to a folder: one file a mail, as it came. For tests.
import { randomUUID } from "node:crypto";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";

export interface MailCatcher {
  /** What SMTP_URL is to be. */
  url: string;
  close: () => void;
}

/** Listens until it is closed. Whoever looks into `folder` finds whole mails only, sorted by time. */
export async function catchMails(folder: string): Promise<MailCatcher> {
  mkdirSync(folder, { recursive: true });
  const server = createServer((socket) => converse(socket, folder));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("The mail catcher has no port");
  return { url: `smtp://127.0.0.1:${address.port}?starttls=off`, close: () => server.close() };
}

/** As much of RFC 5321 as a client needs that has nothing to prove. */
function converse(socket: Socket, folder: string): void {
  const say = (line: string) => socket.write(`${line}\r\n`);
  let mail: string[] | null = null;
  socket.on("error", () => socket.destroy());
  say("220 catcher");
  createInterface({ input: socket, crlfDelay: Infinity }).on("line", (line) => {
    if (mail !== null) {
      if (line !== ".") return void mail.push(line.startsWith(".") ? line.slice(1) : line);
      keep(folder, mail.join("\n"));
      mail = null;
      return say("250 kept");
    }
    switch (line.slice(0, 4).toUpperCase()) {
      case "EHLO":
        return say("250-catcher\r\n250-8BITMIME\r\n250 SMTPUTF8");
      case "DATA":
        mail = [];
        return say("354 go on");
      case "QUIT":
        say("221 bye");
        return socket.end();
      default:
        return say("250 ok");
    }
  });
}

function keep(folder: string, mail: string): void {
  const name = `${Date.now()}-${randomUUID()}`;
  writeFileSync(join(folder, `.${name}`), mail);
  renameSync(join(folder, `.${name}`), join(folder, `${name}.eml`));
}
