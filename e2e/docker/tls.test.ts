// https as compose/tls.yml has it: from no certificate to the first and on to the next, without a reload; then what is
// spoken. The authority is Pebble, which asks nginx for every challenge; its certificates live for 90 s.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { ConnectionOptions } from "node:tls";

import { until } from "../chaos/time.ts";
import { docker } from "./lib/engine.ts";
import { Asking, handshake, overHttp, overHttps, resumes, textAt } from "./lib/https.ts";
import { image } from "./lib/stack.ts";
import { DOMAIN, OTHER_NAME, TlsStack } from "./lib/tls-stack.ts";

/** nginx looks at the file again after 10 s; the rest is for a slow machine. */
const SERVED_WITHIN = 30_000;
const UNVERIFIED = { rejectUnauthorized: false };

const code = (expected: string) => (error: unknown) =>
  error instanceof Error && "code" in error && error.code === expected;
const ends = (done: Promise<unknown>): Promise<boolean> =>
  done.then(
    () => true,
    () => false,
  );
const isServed = (port: number): Promise<boolean> =>
  ends(handshake(port, UNVERIFIED).then((socket) => socket.destroy()));

after(() => docker(["image", "rm", "--force", image("acme")]));

void describe("with an authority", () => {
  const stack = new TlsStack("tls");
  let http: number;
  let https: number;
  /** What verifies as a browser would, with the authority's root instead of the known ones. */
  let verified: ConnectionOptions;

  /** A reload would make new ones. */
  const workers = async (): Promise<string[]> =>
    [...(await stack.compose("top", "nginx")).matchAll(/(\d+).*worker process/g)].map(
      ([line]) => line.split(/\s+/)[2] ?? "",
    );

  before(async () => {
    await stack.prepare();
    await stack.up("nginx");
    http = await stack.port("nginx", 8080);
    https = await stack.port("nginx", 8443);
    assert(await until(() => ends(overHttp(http)), 20_000), "nginx answers");
  });
  after(() => stack.down());

  test("without a certificate nginx is up: http says that it takes a moment, a handshake fails", async () => {
    const answer = await overHttp(http);

    assert.equal(answer.status, 503);
    assert(Number(answer.headers["retry-after"]) > 0);
    await assert.rejects(handshake(https, UNVERIFIED), code("ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR"));
    await assert.rejects(stack.compose("run", "--rm", "--no-deps", "acme", "health"), "nor is the companion healthy");
  });

  test("the first certificate comes from nothing, and is good for both names by the authority's root", async (t) => {
    const begun = performance.now();
    await stack.up("pebble", "acme");
    const management = await stack.port("pebble", 15000);
    assert(await until(() => isServed(https), 60_000), "a certificate is served");
    t.diagnostic(`the first certificate was served after ${Math.round(performance.now() - begun)} ms`);

    verified = { ca: await textAt(management, "/roots/0") };
    for (const servername of [DOMAIN, OTHER_NAME]) (await handshake(https, { ...verified, servername })).destroy();
    await stack.run("health");
  });

  test("only nginx's user can read the key", async () => {
    const told = await stack.compose("exec", "--no-TTY", "acme", "stat", "--format=%a %u", "/certificates/site.pem");

    assert.equal(told.trim(), "600 101");
  });

  test("http leads to https, but for challenges", async () => {
    const { status, headers } = await overHttp(http, { path: "/tasks?page=2", headers: { host: "evil.example" } });

    assert.deepEqual([status, headers["location"]], [308, `https://${DOMAIN}/tasks?page=2`]);
    assert.equal((await overHttp(http, { path: "/.well-known/acme-challenge/ready" })).status, 200);
    assert.equal((await overHttp(http, { path: "/.well-known/acme-challenge/none" })).status, 404);
  });

  test("HSTS is in every answer over TLS, for this host only, and in none over http", async () => {
    for (const path of ["/.none", "/api/v1/tasks", "/"]) {
      const { headers } = await overHttps(https, verified, { path });
      assert.equal(headers["strict-transport-security"], "max-age=15768000", path);
    }
    assert.equal((await overHttp(http)).headers["strict-transport-security"], undefined);
  });

  test("other names of the site lead to the one that counts, a foreign Host is misdirected", async () => {
    const other = { ...verified, servername: OTHER_NAME };
    const { status, headers } = await overHttps(https, other, { path: "/a?b", headers: { host: OTHER_NAME } });

    assert.deepEqual([status, headers["location"]], [308, `https://${DOMAIN}/a?b`]);
    assert.equal((await overHttps(https, verified, { headers: { host: "evil.example" } })).status, 421);
  });

  test("who doesn't know the name sees no certificate", async () => {
    for (const servername of ["evil.example", ""])
      await assert.rejects(
        handshake(https, { ...UNVERIFIED, servername }),
        code("ERR_SSL_TLSV1_UNRECOGNIZED_NAME"),
        servername,
      );
  });

  test("TLS 1.2 and 1.3 are spoken, older is refused", async () => {
    for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
      const socket = await handshake(https, { ...verified, minVersion: version, maxVersion: version });
      assert.equal(socket.getProtocol(), version);
      socket.destroy();
    }
    // Security level 0, so that it is the server who refuses.
    const old = { ...UNVERIFIED, minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "ALL:@SECLEVEL=0" } as const;
    await assert.rejects(handshake(https, old), code("ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION"));
  });

  test("TLS 1.2 takes the listed ciphers and no other", async () => {
    const only = { ...verified, maxVersion: "TLSv1.2" } as const;
    const listed = ["ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-ECDSA-CHACHA20-POLY1305"];
    for (const cipher of listed) {
      const socket = await handshake(https, { ...only, ciphers: cipher });
      assert.equal(socket.getCipher().name, cipher);
      socket.destroy();
    }
    for (const cipher of ["ECDHE-ECDSA-AES128-SHA256", "ECDHE-ECDSA-AES256-SHA", "ECDHE-ECDSA-AES128-CCM"])
      await assert.rejects(
        handshake(https, { ...only, ciphers: cipher }),
        code("ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE"),
        cipher,
      );
  });

  test("keys are agreed on by the listed groups, the one for the time of quantum computers too", async () => {
    for (const ecdhCurve of ["X25519MLKEM768", "X25519", "P-256", "P-384"])
      (await handshake(https, { ...verified, ecdhCurve })).destroy();
    await assert.rejects(handshake(https, { ...verified, ecdhCurve: "P-521" }));
  });

  test("HTTP/2 is offered, and a session is resumed in both versions", async () => {
    const socket = await handshake(https, { ...verified, ALPNProtocols: ["h2", "http/1.1"] });
    assert.equal(socket.alpnProtocol, "h2");
    socket.destroy();
    for (const maxVersion of ["TLSv1.2", "TLSv1.3"] as const) {
      // By their own keys the workers would not know each other's sessions.
      const taken = await Promise.all(Array.from({ length: 8 }, () => resumes(https, { ...verified, maxVersion })));
      assert(taken.every(Boolean), `${maxVersion}: ${taken.join(" ")}`);
    }
  });

  test("renewing by hand and by the clock reaches everybody without a reload and without one failed request", async (t) => {
    const before = await workers();
    const asking = new Asking(https, verified);
    t.after(() => asking.stop());
    assert(await until(() => asking.answers.length > 60, 10_000), "requests are answered");

    for (const round of [1, 2]) {
      const old = asking.serials;
      await stack.run("renew");
      const begun = performance.now();
      assert(await until(() => asking.areBeyond(old), SERVED_WITHIN), `renewal ${round} is served by all workers`);
      t.diagnostic(`renewal ${round} was served by all workers after ${Math.round(performance.now() - begun)} ms`);
    }
    const old = asking.serials;
    assert(await until(() => asking.areBeyond(old), 90_000), "the companion renews before 90 s are over");
    await asking.stop();

    t.diagnostic(`${asking.answers.length} requests, ${asking.serials.length} certificates`);
    assert.deepEqual(asking.failures, []);
    assert(asking.answers.every(({ status }) => status === 404));
    assert.deepEqual(await workers(), before);
  });

  test("a refused name leaves what is served, says why, and is not tried again soon", async () => {
    const id = (await stack.compose("run", "--detach", "--no-deps", "--env", "DOMAIN=nowhere.test", "acme")).trim();
    const logs = async () => docker(["logs", id]);

    assert(await until(async () => (await logs()).includes("the next try is in"), 60_000), "a try fails");
    assert.match(await logs(), /nowhere\.test/);
    assert.match(await logs(), /the next try is in 1[5-8] minutes/);
    await docker(["rm", "--force", id]);
    (await handshake(https, verified)).destroy();
  });

  test("the companion ends at once when told to", async () => {
    const begun = performance.now();
    await stack.compose("stop", "--timeout", "10", "acme");

    assert(performance.now() - begun < 3000);
    assert.match(await stack.compose("ps", "--all", "--format", "{{.ExitCode}}", "acme"), /^0$/m);
  });
});

void describe("self-signed", () => {
  const stack = new TlsStack("self", { TLS: "self-signed", ACME_NAMES: "" });
  let http: number;
  let https: number;
  const pem = (): Promise<string> =>
    stack.compose("exec", "--no-TTY", "acme", "openssl", "x509", "-in", "/certificates/site.pem");

  before(async () => {
    await stack.prepare();
    await stack.up("nginx", "acme");
    http = await stack.port("nginx", 8080);
    https = await stack.port("nginx", 8443);
    assert(await until(() => isServed(https), 20_000), "a certificate is served");
  });
  after(() => stack.down());

  test("the certificate is good for the domain, localhost and this machine's address once it is trusted", async () => {
    const ca = await pem();

    for (const servername of [DOMAIN, "localhost"]) (await handshake(https, { ca, servername })).destroy();
    (await handshake(https, { ca, servername: "" })).destroy(); // by the address 127.0.0.1
  });

  test("http leads to https, and there is no HSTS", async () => {
    assert.equal((await overHttp(http)).headers["location"], `https://${DOMAIN}/`);

    const { status, headers } = await overHttps(https, { ca: await pem() }, { path: "/.none" });
    assert.deepEqual([status, headers["strict-transport-security"]], [404, undefined]);
  });

  test("one that is soon over is replaced when the companion looks", async () => {
    const make = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -subj /CN=old";
    const life = `-not_before 20200101000000Z -not_after "$(date -ud '+2 days' +%Y%m%d%H%M%SZ)"`;
    const place = "cd /var/lib/acme/self-signed-*";
    const deliver = "cat key.pem chain.pem >/certificates/site.pem";
    const script = `${place} && ${make} ${life} -keyout key.pem -out chain.pem && ${deliver}`;
    await stack.compose("exec", "--no-TTY", "acme", "sh", "-c", script);
    await assert.rejects(stack.run("health"), "what is nearly over is not healthy");

    await stack.compose("restart", "--timeout", "5", "acme");

    assert(await until(() => ends(stack.run("health")), 20_000), "it is healthy again");
  });
});
