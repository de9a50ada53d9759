// The developer's stack, whole (`make dev`) or in two halves for two terminals (`make dev-api`, `make dev-web`).
import { ask, type StackStatus } from "./control.ts";
import { appEnv, portsOf, socketPath, type Variables, variables } from "./env.ts";
import { root, stackFolder } from "./paths.ts";
import { productionStatus } from "./production.ts";
import { secretsOf } from "./secrets.ts";
import { type Name, NAMES, type Plan } from "./services.ts";

export const PARTS = {
  dev: NAMES,
  "dev-api": ["postgres", "valkey", "api", "worker", "beat"],
  "dev-web": ["web"],
} as const satisfies Record<string, readonly Name[]>;
export type Part = keyof typeof PARTS;

export const controlSocket = (part: Part): string => socketPath(root, part);
export const folderOf = (part: Part): string => stackFolder(part === "dev-web" ? "dev-web" : "dev");
export const stackName = (part: Part): string => `${root}:${part}`;

/** Which parts run now, with what each says of itself. */
export async function running(): Promise<{ part: Part; pid: number; status: StackStatus }[]> {
  const parts = Object.keys(PARTS) as Part[];
  const answers = await Promise.all(parts.map((part) => ask(controlSocket(part), "status")));
  return parts.flatMap((part, index) => {
    const answer = answers[index];
    return answer ? [{ part, pid: answer.pid, status: answer }] : [];
  });
}

/** Which of this folder's stacks has this port now; null when it is somebody else's. */
export async function holderOf(port: number): Promise<string | null> {
  const has = ({ services }: StackStatus) => services.some((service) => service.port === port && service.pid !== null);
  const part = (await running()).find(({ status }) => has(status))?.part;
  if (part) return `make ${part} of this folder`;
  const production = await productionStatus();
  return production && has(production) ? "make start-prod of this folder" : null;
}

/** The plan of a developer's part. Both halves share the data of the whole. */
export function developmentPlan(part: Part, set: Variables = variables()): Plan {
  const folder = folderOf(part);
  const secrets = secretsOf(stackFolder("dev"));
  const ports = portsOf(set);
  const env = { ...appEnv(set, ports, secrets), CONTROL_SOCKET: controlSocket(part) };
  return { folder, ports, secrets, env, mode: "development" };
}
