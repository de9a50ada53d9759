// supervisord keeps the processes: its configuration, and the few calls of its XML-RPC that we need.
import { request } from "node:http";

import { isRoot } from "./privileges.ts";

export interface Program {
  name: string;
  command: string[];
  cwd: string;
  env?: Record<string, string>;
  stop?: "TERM" | "INT";
}

export interface ProgramState {
  name: string;
  state: string;
  pid: number | null;
  /** When its process was started, in seconds since 1970. */
  started: number;
}

// In supervisord's files `%` starts an expansion, a quote groups, and a `;` after a space starts a comment.
const escaped = (value: string): string => value.replaceAll("%", "%%");
const quoted = (value: string): string => `"${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;

/**
 * The configuration: nothing starts by itself, everything is started again for ever, logs are rotated.
 * Files are relative to the folder supervisord is started in: in their paths it expands `%` twice.
 */
export function configuration(socket: string, programs: Program[], logs = "logs"): string {
  const main = [
    "[unix_http_server]",
    `file=${escaped(socket)}`,
    "chmod=0700",
    "[rpcinterface:supervisor]",
    "supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface",
    "[supervisord]",
    "nodaemon=true",
    `logfile=${logs}/supervisord.log`,
    "logfile_maxbytes=5MB",
    "logfile_backups=1",
    "pidfile=supervisord.pid",
    `childlogdir=${logs}`,
    ...(isRoot ? ["user=root"] : []), // said aloud, or it warns
  ];
  return [...main, ...programs.flatMap((program) => section(program, logs))].join("\n") + "\n";
}

function section(program: Program, logs: string): string[] {
  const env = Object.entries(program.env ?? {}).map(([name, value]) => `${name}=${quoted(escaped(value))}`);
  return [
    `[program:${program.name}]`,
    `command=${escaped(program.command.map(quoted).join(" "))}`,
    `directory=${escaped(program.cwd)}`,
    ...(env.length ? [`environment=${env.join(",")}`] : []),
    "autostart=false",
    // A start counts at once and every exit is followed by another: kills never use up a number of retries.
    "autorestart=true",
    "startsecs=0",
    `stopsignal=${program.stop ?? "TERM"}`,
    "stopwaitsecs=10",
    "stopasgroup=false",
    "killasgroup=true",
    "redirect_stderr=true",
    `stdout_logfile=${logs}/${program.name}.log`,
    "stdout_logfile_maxbytes=10MB",
    "stdout_logfile_backups=2",
  ];
}

/** Calls supervisord; rejects when it isn't there or refuses. */
export function call(socket: string, method: string, params: (string | boolean)[] = []): Promise<string> {
  const body =
    `<?xml version="1.0"?><methodCall><methodName>supervisor.${method}</methodName><params>` +
    params.map((param) => `<param><value>${value(param)}</value></param>`).join("") +
    "</params></methodCall>";
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "text/xml", "content-length": Buffer.byteLength(body) };
    const sent = request(
      { socketPath: socket, method: "POST", path: "/RPC2", headers, timeout: 15_000 },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => (text += chunk));
        response.on("end", () => (text.includes("<fault>") ? reject(new Error(faultOf(text))) : resolve(text)));
        response.on("error", reject);
      },
    );
    sent.once("timeout", () => sent.destroy(new Error("supervisord does not answer")));
    sent.once("error", reject);
    sent.end(body);
  });
}

const value = (param: string | boolean): string =>
  typeof param === "boolean" ? `<boolean>${Number(param)}</boolean>` : `<string>${xml(param)}</string>`;
const xml = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
const faultOf = (text: string): string => /<string>([^<]*)<\/string>/.exec(text)?.[1] ?? text;

/** What supervisord says of each program. */
export async function states(socket: string): Promise<ProgramState[]> {
  const answer = await call(socket, "getAllProcessInfo");
  return [...answer.matchAll(/<struct>([\s\S]*?)<\/struct>/g)].map(([, struct]) => {
    const member = (name: string): string =>
      new RegExp(`<name>${name}</name>\\s*<value><(?:string|int|i4)>([^<]*)<`).exec(struct!)?.[1] ?? "";
    return {
      name: member("name"),
      state: member("statename").toLowerCase(),
      pid: Number(member("pid")) || null,
      started: Number(member("start")),
    };
  });
}
