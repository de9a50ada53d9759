/** What a container of ours may do: run as nobody in particular, without a capability, writing nowhere but to its mounts. */
import assert from "node:assert/strict";
import { before, test } from "node:test";

import { docker } from "./lib/engine.ts";
import { sql } from "./lib/sql.ts";
import { amongProcesses, type Container, composed, containers, serviceOf } from "./lib/stack.ts";

/** The images that are ours, and by what each can be made to run a line: none has a tool for us. */
const OURS = new Map([
  ["api", ["python", "-c"]],
  ["worker", ["python", "-c"]],
  ["beat", ["python", "-c"]],
  ["acme", ["python", "-c"]],
  ["web", ["node", "-e"]],
  ["nginx", ["sh", "-c"]],
]);

const WRITES: Record<string, (path: string) => string> = {
  python: (path) => `open(${JSON.stringify(path)}, "w")`,
  node: (path) => `require("fs").writeFileSync(${JSON.stringify(path)}, "")`,
  sh: (path) => `: > ${path}`,
};

/** Every process of the container with these ids: its own child processes too. */
const CAPABILITIES = `
import os, sys
for pid in sys.argv[1:]:
    try:
        fields = dict(line.split(":", 1) for line in open(f"/proc/{pid}/status").read().splitlines())
    except OSError:
        continue # a probe that is over
    print(pid, *(fields[name].split()[0] for name in ("CapEff", "CapPrm", "CapBnd", "NoNewPrivs", "Uid")))
`;

let running: Container[];
before(async () => {
  running = (await containers()).filter(({ State }) => State.Running);
});

const ours = (): Container[] => running.filter((one) => OURS.has(serviceOf(one)));

test("every part runs, and none has a capability or a way to get one", async () => {
  const services = new Set(running.map(serviceOf));
  for (const service of ["api", "worker", "beat", "web", "nginx", "postgres", "valkey"])
    assert(services.has(service), `${service} runs`);

  const processes = await Promise.all(
    ours().map(async ({ Id }) => (await docker(["top", Id, "-eo", "pid"])).split("\n").slice(1).filter(Boolean)),
  );
  const pids = processes.flat().map((pid) => pid.trim());
  const told = (await amongProcesses(CAPABILITIES, ...pids)).trim().split("\n");

  const seen = new Set(told.map((line) => Number(line.split(" ")[0])));
  for (const { Name, State } of ours()) assert(seen.has(State.Pid), `${Name} is seen`);
  for (const line of told) {
    const [, effective, permitted, bounding, noNewPrivileges, uid] = line.split(" ");
    assert.match(`${effective}${permitted}${bounding}`, /^0+$/, line);
    assert.equal(noNewPrivileges, "1", line);
    assert.notEqual(uid, "0", line);
  }
});

test("nothing writes to its own file system", async () => {
  const tries = ours().map(async ({ Id, Name, Config }) => {
    const [program, option] = OURS.get(Config.Labels["com.docker.compose.service"]!)!;
    for (const folder of ["", "/etc", "/usr/bin", "/var", Config.WorkingDir.replace(/\/$/, "")]) {
      const code = WRITES[program!]!(`${folder}/written-by-a-test`);
      // Even root couldn't: what refuses is the file system, not the file's owner.
      await assert.rejects(docker(["exec", "--user=0", Id, program!, option!, code]), /[Rr]ead-only file system/, Name);
    }
  });
  assert(tries.length >= 5, "every part of ours is tried");
  await Promise.all(tries);
});

test("users are numbers, and not root's", () => {
  for (const { Name, Config } of running) assert.match(Config.User, /^[1-9]\d*(:[1-9]\d*)?$/, Name);
});

test("every container is confined, migrate too", async () => {
  for (const { Name, HostConfig, Config } of await containers()) {
    assert.deepEqual(HostConfig.CapDrop, ["ALL"], Name);
    assert.deepEqual(HostConfig.CapAdd ?? [], [], Name);
    assert(
      HostConfig.SecurityOpt?.some((option) => /^no-new-privileges(:true|=true)?$/.test(option)),
      Name,
    );
    assert.equal(HostConfig.ReadonlyRootfs, true, Name);
    assert.equal(HostConfig.Privileged, false, Name);
    assert((HostConfig.PidsLimit ?? 0) > 0, `${Name} has a limit of processes`);
    assert(HostConfig.Memory > 0, `${Name} has a limit of memory`);
    const isDone = Config.Labels["com.docker.compose.service"] === "migrate";
    if (!isDone) assert.equal(HostConfig.RestartPolicy.Name, "unless-stopped", Name);
  }
});

test("nginx alone is published, on one port", () => {
  const published = running.flatMap((one) =>
    Object.entries(one.NetworkSettings.Ports).flatMap(([port, hosts]) =>
      (hosts ?? []).map(({ HostIp, HostPort }) => `${serviceOf(one)} ${port} ${HostIp} ${HostPort}`),
    ),
  );

  assert.deepEqual(published, [`nginx 8080/tcp 127.0.0.1 ${composed.port}`]);
});

test("the app's role reads and writes what is there: it makes nothing, and enters no other database", async () => {
  const connects = "has_database_privilege('slipstream_app', oid, 'CONNECT')";
  const makes = ["TEMPORARY", "CREATE"].map(
    (right) => `has_database_privilege('slipstream_app', 'slipstream', '${right}')`,
  );
  const stands = ["rolsuper", "rolcreaterole", "rolcreatedb", "rolreplication", "rolbypassrls"];

  assert.equal(await sql(`SELECT datname FROM pg_database WHERE datallowconn AND ${connects}`), "slipstream");
  assert.equal(
    await sql(`SELECT ${makes.join(", ")}, has_schema_privilege('slipstream_app', 'public', 'CREATE')`),
    "f|f|f",
  );
  assert.equal(await sql(`SELECT ${stands.join(", ")} FROM pg_roles WHERE rolname = 'slipstream_app'`), "f|f|f|f|f");
  assert.equal(await sql("SELECT count(*) FROM pg_auth_members WHERE member = 'slipstream_app'::regrole"), "0");
});

test("no secret is in a container's environment or command", async () => {
  const secrets = await docker([
    "exec",
    (await containers()).find((one) => serviceOf(one) === "api")!.Id,
    "python",
    "-c",
    "import os; print(*(open(os.path.join('/run/secrets', name)).read() for name in os.listdir('/run/secrets')), sep='\\n')",
  ]);
  const values = secrets
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.length > 15);
  const described = JSON.stringify(await containers());

  assert(values.length >= 3, "the API has its secrets as files");
  for (const value of values) assert(!described.includes(value), "docker inspect shows a secret");
});
