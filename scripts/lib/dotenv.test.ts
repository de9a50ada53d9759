import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { parseEnv } from "node:util";

import { ODD } from "./dotenv-odd.ts";
import { ensureEnv, generatedSecrets, SECRETS, setEnv, writeSecretFiles } from "./dotenv.ts";

const folder = () => mkdtempSync(join(tmpdir(), "slipstream-test-"));
const dotenv = (text?: string): string => {
  const file = join(folder(), ".env");
  if (text !== undefined) writeFileSync(file, text);
  return file;
};
const mode = (file: string) => statSync(file).mode & 0o777;
const read = (file: string) => readFileSync(file, "utf8");

test("a missing .env is made for its owner only", () => {
  const file = dotenv();

  const set = ensureEnv({ A: "1" }, { file, real: {}, comment: "why" });

  assert.deepEqual(set, { A: "1" });
  assert.equal(read(file), "# why\nA=1\n");
  assert.equal(mode(file), 0o600);
});

test("what is there stays, comments and all, and the rest is appended", () => {
  const file = dotenv("# mine\nA=own\n\nEMPTY=\n");

  const set = ensureEnv({ A: "1", B: "2", EMPTY: "3" }, { file, real: {} });

  assert.deepEqual(set, { A: "own", B: "2", EMPTY: "3" });
  assert.equal(read(file), "# mine\nA=own\n\nEMPTY=\n\nB=2\nEMPTY=3\n");
  assert.equal(mode(file), 0o600);
});

test("an .env that has everything is closed to others all the same", () => {
  const file = dotenv("A=1\n");

  ensureEnv({ A: "2" }, { file, real: {} });

  assert.equal(read(file), "A=1\n");
  assert.equal(mode(file), 0o600);
});

test("what the environment has is not written", () => {
  const file = dotenv("B=2\n");

  const set = ensureEnv({ A: "1" }, { file, real: { A: "from outside" } });

  assert.deepEqual(set, { A: "from outside", B: "2" });
  assert.equal(read(file), "B=2\n");
});

test("setting replaces a line where it stands, appends a new one and takes one away", () => {
  const file = dotenv("# the door\nEXTERNAL_PORT=8080\nexport TLS=acme\n# end\n");

  setEnv({ EXTERNAL_PORT: "9090", TLS: null, DOMAIN: "example.org" }, file);

  assert.equal(read(file), "# the door\nEXTERNAL_PORT=9090\n# end\nDOMAIN=example.org\n");
});

test("setting what is so already writes nothing", () => {
  const file = dotenv('A="1"\n');

  setEnv({ A: "1", B: null }, file);

  assert.equal(read(file), 'A="1"\n');
});

test("every generated secret and every odd value is read back as it was", () => {
  const file = dotenv();
  const wanted = { ...generatedSecrets(), ...ODD };

  ensureEnv(wanted, { file, real: {} });

  assert.deepEqual({ ...parseEnv(read(file)) }, wanted);
});

test("a value that no quotes can hold is refused by name", () => {
  for (const value of [`it's "$so"`, "ends with \\", "two\nlines", "two\rlines"])
    assert.throws(() => setEnv({ A: value }, dotenv()), /A has signs/, value);
});

test("a value of several lines is left to whoever wrote it", () => {
  const text = "A='[\n  1]'\nB=2\n";
  const file = dotenv(text);

  setEnv({ B: "3" }, file);
  assert.equal(read(file), text.replace("B=2", "B=3"));

  assert.throws(() => setEnv({ A: "new" }, file), /A goes over several lines/);
  assert.equal(read(file), text.replace("B=2", "B=3"));
});

test("the secrets' files are readable by every container, in a folder that is closed to others", () => {
  const files = join(folder(), "secrets");
  const secrets = generatedSecrets();

  writeSecretFiles(secrets, files);

  assert.equal(mode(files), 0o700);
  for (const name of Object.keys(SECRETS)) {
    assert.equal(read(join(files, name.toLowerCase())), secrets[name]);
    assert.equal(mode(join(files, name.toLowerCase())), 0o444);
  }
  assert.equal(read(join(files, "openai_api_key")), "");
});

test("a secret that changed is written into the same file and changes the fingerprint", () => {
  const files = join(folder(), "secrets");
  const secrets = generatedSecrets();
  const before = writeSecretFiles(secrets, files);
  const { ino } = statSync(join(files, "redis_password"));

  const after = writeSecretFiles({ ...secrets, REDIS_PASSWORD: "another" }, files);

  assert.notEqual(after, before);
  assert.equal(writeSecretFiles({ ...secrets, REDIS_PASSWORD: "another" }, files), after);
  assert.equal(read(join(files, "redis_password")), "another");
  assert.equal(statSync(join(files, "redis_password")).ino, ino);
});
