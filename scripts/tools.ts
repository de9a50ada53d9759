// `make tools`: brings the programs that no package registry of ours has, into .tools/bin, pinned. Go builds them from
// source and checks each module against its public checksum database.
//   make tools                 all        make tools ARGS="k6 oasdiff"   some
import { join } from "node:path";

import { main, Sentence } from "./lib/errors.ts";
import { root } from "./lib/paths.ts";
import { onPath } from "./lib/privileges.ts";
import { runToEnd } from "./lib/run.ts";

const TOOLS: Record<string, string> = {
  k6: "go.k6.io/k6@v1.8.1",
  oasdiff: "github.com/oasdiff/oasdiff@v1.32.0",
  gitleaks: "github.com/zricethezav/gitleaks/v8@v8.30.1",
  actionlint: "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12",
};

await main(async () => {
  const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(TOOLS);
  for (const name of wanted) {
    const source = TOOLS[name];
    if (!source) throw new Sentence(`There is no tool ${name}: ${Object.keys(TOOLS).join(", ")}.`);
    const found = onPath(name);
    if (found) {
      console.log(`  ${name.padEnd(11)} ${found}`);
      continue;
    }
    const go = onPath("go");
    if (!go)
      throw new Sentence(
        `${name} isn't here: put it on the PATH, or install Go 1.25 or newer and call make tools again.`,
      );
    console.log(`  ${name.padEnd(11)} building ${source}`);
    const env = { ...process.env, GOBIN: join(root, ".tools", "bin"), GOFLAGS: "-mod=mod -trimpath" };
    if ((await runToEnd([go, "install", source], { cwd: root, env, quiet: true })) !== 0)
      throw new Sentence(`${name} could not be built; see above.`);
  }
});
