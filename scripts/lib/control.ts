import { rmSync } from "node:fs";
// One running stack holds one Unix socket: it is the lock, and it answers `status` and `stop`. A socket dies with its
// process, so there is no pid file to go stale.
import { connect, createServer, type Server } from "node:net";

export interface ServiceStatus {
  name: string;
  state: string;
  pid: number | null;
  port: number | null;
  ready: boolean;
}

export interface StackStatus {
  services: ServiceStatus[];
}

export interface Answers {
  status(): Promise<StackStatus>;
  stop(): Promise<void>;
}

/** Takes the lock; null when another process holds it. */
export async function hold(path: string, answers: Answers): Promise<Server | null> {
  for (let attempt = 0; attempt < 3; attempt++) {
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      socket.setEncoding("utf8");
      socket.on("error", () => socket.destroy());
      socket.on("data", (line: string) => {
        const reply = line.trim() === "stop" ? answers.stop().then(() => ({ stopped: true })) : answers.status();
        reply.then(
          (value) => socket.end(JSON.stringify({ pid: process.pid, ...value })),
          () => socket.destroy(),
        );
      });
    });
    const held = await new Promise<boolean>((resolve) => {
      server.once("error", () => resolve(false));
      server.listen(path, () => resolve(true));
    });
    if (held) return server;
    if ((await ask(path, "status")) !== null) return null;
    rmSync(path, { force: true }); // its process is gone
  }
  return null;
}

/** The answer of the stack behind this socket, or null when none is running. */
export function ask(path: string, question: "status" | "stop"): Promise<(StackStatus & { pid: number }) | null> {
  return new Promise((resolve) => {
    const socket = connect(path);
    let answer = "";
    socket.setEncoding("utf8");
    socket.setTimeout(question === "stop" ? 60_000 : 10_000, () => socket.destroy());
    socket.once("connect", () => socket.write(`${question}\n`));
    socket.on("data", (chunk: string) => (answer += chunk));
    socket.once("error", () => resolve(null));
    socket.once("close", () => resolve(answer === "" ? null : (JSON.parse(answer) as StackStatus & { pid: number })));
  });
}
