/** The composed stack under test: its containers, their processes, and how well they are. */
import assert from "node:assert/strict";
import { availableParallelism, loadavg } from "node:os";

import { until } from "../../chaos/time.ts";
import { docker } from "./engine.ts";

/** What `e2e/docker/main.ts` says of the stack that it brought up. */
function given(name: string): string {
  const value = process.env[name];
  if (!value)
    throw new Error(`${name} is not set: these tests run beside a stack of their own, by \`make docker-test\`.`);
  return value;
}

export const composed = {
  get folder(): string {
    return given("DOCKER_TEST_COPY");
  },
  get project(): string {
    return given("COMPOSE_PROJECT_NAME");
  },
  get tag(): string {
    return given("IMAGE_TAG");
  },
  get url(): string {
    return given("BASE_URL");
  },
  get port(): number {
    return Number(new URL(given("BASE_URL")).port);
  },
};

/** An image of ours, as the stack built it. */
export const image = (part: "api" | "web" | "nginx" | "acme"): string => `${composed.project}-${part}:${composed.tag}`;

export interface Container {
  Id: string;
  Name: string;
  RestartCount: number;
  Config: { User: string; Image: string; WorkingDir: string; Labels: Record<string, string> };
  State: { Pid: number; Status: string; Running: boolean; Health?: { Status: string; Log: { Output: string }[] } };
  HostConfig: {
    CapAdd: string[] | null;
    CapDrop: string[] | null;
    SecurityOpt: string[] | null;
    ReadonlyRootfs: boolean;
    Privileged: boolean;
    PidsLimit: number | null;
    Memory: number;
    RestartPolicy: { Name: string };
  };
  NetworkSettings: {
    Ports: Record<string, { HostIp: string; HostPort: string }[] | null>;
    Networks: Record<string, { IPAddress: string; Gateway: string }>;
  };
}

export const compose = (...args: string[]): Promise<string> => docker(["compose", ...args], composed.folder);

/** Every container of the project, ended ones too. */
export async function containers(): Promise<Container[]> {
  const filter = `label=com.docker.compose.project=${composed.project}`;
  const ids = (await docker(["ps", "--all", "--quiet", "--no-trunc", "--filter", filter])).split("\n").filter(Boolean);
  return ids.length === 0 ? [] : JSON.parse(await docker(["inspect", ...ids]));
}

export const serviceOf = ({ Config }: Container): string => Config.Labels["com.docker.compose.service"] ?? "";

export async function replicas(service: string): Promise<Container[]> {
  return (await containers())
    .filter((container) => serviceOf(container) === service)
    .toSorted((a, b) => a.Name.localeCompare(b.Name, "en", { numeric: true }));
}

export async function container(service: string): Promise<Container> {
  const [first] = await replicas(service);
  assert(first, `there is a container of ${service}`);
  return first;
}

/** Where a service listens without nginx before it: the bridges of a Linux host are its own. */
export async function addressOf(service: string): Promise<string> {
  const { NetworkSettings } = await container(service);
  const address = Object.values(NetworkSettings.Networks).find(({ IPAddress }) => IPAddress !== "")?.IPAddress;
  assert(address, `${service} has an address`);
  return address;
}

export const isWell = ({ State }: Container): boolean =>
  State.Running && (State.Health?.Status ?? "healthy") === "healthy";

/** How much longer everything takes on a machine that does other work, too: its cores are waited for. */
export const haste = (): number => Math.max(1, loadavg()[0]! / availableParallelism() / 2);

/** Passes when every container of the service says that it is well, or of all that are meant to run. Gives milliseconds. */
export async function well(within: number, service?: string): Promise<number> {
  const begun = performance.now();
  let sick: string[] = [];
  const isSo = async () => {
    const all = (await containers()).filter(
      (one) => (service ? serviceOf(one) === service : true) && one.HostConfig.RestartPolicy.Name === "unless-stopped",
    );
    sick = all
      .filter((one) => !isWell(one))
      .map((one) => `${one.Name} ${one.State.Status} ${one.State.Health?.Status}`);
    return all.length > 0 && sick.length === 0;
  };
  assert(await until(isSo, within * haste()), `well within ${within / 1000} s, but not: ${sick.join(", ")}`);
  return performance.now() - begun;
}

/** Passes when the service's container says `status` of itself. Gives milliseconds. */
export async function becomes(status: "healthy" | "unhealthy", service: string, within: number): Promise<number> {
  const begun = performance.now();
  const isSo = async () => (await container(service)).State.Health?.Status === status;
  assert(await until(isSo, within * haste()), `${service} is ${status} within ${within / 1000} s`);
  return performance.now() - begun;
}

/** Runs Python as root beside the host's processes: their owners are users whom we can't signal, or in Docker's own VM. */
export function amongProcesses(code: string, ...args: readonly (string | number)[]): Promise<string> {
  const options = ["--rm", "--pid=host", "--network=none", "--user=0", "--entrypoint=python"];
  return docker(["run", ...options, image("api"), "-c", code, ...args.map(String)]);
}

/** A measured figure, in the report and on the screen. */
export function measured(what: string, value: number, unit = "ms"): void {
  const busy = haste() > 1.5 ? ` (${haste().toFixed(1)} times too much to do on this machine)` : "";
  console.log(`# measured: ${what}: ${unit === "ms" ? Math.round(value) : value} ${unit}${busy}`);
}
