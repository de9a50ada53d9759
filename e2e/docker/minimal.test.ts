/** The overlay for a trusted network: another machine signs in over plain http, by this one's address. */
import assert from "node:assert/strict";
import { after, test } from "node:test";

import { docker } from "./lib/engine.ts";
import { compose, composed, image, well } from "./lib/stack.ts";

const FILES = ["--env-file=.env", "--file=compose/compose.yml", "--file=compose/minimal.yml"];
const PYTHON = `
import http.cookiejar, json, sys, urllib.request, uuid
site = sys.argv[1]
jar = http.cookiejar.CookieJar()
client = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
def ask(path, body=None):
    data = json.dumps(body).encode() if body else None
    headers = {"content-type": "application/json", "origin": site}
    with client.open(urllib.request.Request(site + path, data, headers), timeout=10) as answer:
        return json.load(answer)
who = {"name": "Ada", "email": f"ada-{uuid.uuid4()}@lan.example.com", "password": "a quiet engine of brass"}
ask("/api/v1/auth/register", who)
jar.clear()
ask("/api/v1/auth/login", {"email": who["email"], "password": who["password"]})
print(ask("/api/v1/me")["email"], len(jar), *sorted({cookie.name for cookie in jar}))
`;

/** An address of this machine that others reach: here the one that the engine's own containers see. */
const addressOfHost = async (): Promise<string> =>
  (await docker(["network", "inspect", "bridge", "--format", "{{(index .IPAM.Config 0).Gateway}}"])).trim();

after(async () => {
  delete process.env["EXTERNAL_ADDRESS"];
  delete process.env["SITE_URL"];
  await compose("up", "--detach", "--no-build");
  await well(60_000);
});

test("somebody else on the network signs in over plain http", { timeout: 150_000 }, async () => {
  const host = await addressOfHost();
  const site = `http://${host}:${composed.port}`;
  process.env["EXTERNAL_ADDRESS"] = host;
  process.env["SITE_URL"] = site;

  await compose(...FILES, "up", "--detach", "--no-build");
  await well(60_000);
  const said = await docker(["run", "--rm", "--entrypoint=python", image("api"), "-c", PYTHON, site]);

  assert.match(said, /^ada-\S+@lan\.example\.com \d slipstream_access\b/m);
  const logs = await compose(...FILES, "logs", "--no-log-prefix", "api");
  assert.match(logs, /ALLOW_INSECURE_HTTP|insecure|plain http|clear/i, "the API warns at its start");
});
