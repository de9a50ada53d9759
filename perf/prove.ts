// Proves that every budget can fail: node perf/prove.ts [command …]
// Each row is measured, in its smallest run, against a limit that nothing can meet: it has to be missed. Each command is
// run once more with a fault planted in what it measures: its rows have to fail by that. Exits with 1 where one doesn't.
import { main, Sentence } from "../scripts/lib/errors.ts";
import { chosen, readBudgets } from "./lib/budgets.ts";
import { FAULTS } from "./lib/command.ts";
import { type Proof, provenByFault, provenByLimit, tightened } from "./lib/proof.ts";
import { describe, verdictsOf } from "./lib/runner.ts";
import { columns } from "./lib/table.ts";

await main(async () => {
  const commands = process.argv.slice(2);
  const began = performance.now();
  const all = readBudgets();
  const described = await describe(all, commands);
  const budgets = chosen(all, { size: "least", commands });
  const proofs: Proof[] = [];
  for (const command of new Set(budgets.map((budget) => budget.command))) {
    const { fault } = described.get(command)!;
    const own = budgets.filter((budget) => budget.command === command);
    const faulty = own.filter(({ id }) => fault.fails.includes(id));
    const calm = await verdictsOf(own.map(tightened));
    const planted = await verdictsOf(faulty, { planted: true });
    proofs.push(...calm.map(provenByLimit));
    for (const [index, budget] of faulty.entries())
      proofs.push(provenByFault(fault, budget, planted[index]!, calm[own.indexOf(budget)]!));
  }

  const rows = proofs.map(({ id, by, said, hole }) => [id, by, said, hole ?? "fails"]);
  const seconds = (performance.now() - began) / 1000;
  console.log(`\n${columns([["id", "by", "said", "proof"], ...rows])}\n\n${seconds.toFixed(0)} s\n`);
  const holes = proofs.filter(({ hole }) => hole !== null).map(({ id, by, hole }) => `${id} by ${by} (${hole})`);
  if (holes.length > 0) throw new Sentence(`Budgets that weren't seen to fail: ${holes.join(", ")}.`);
  const unused = FAULTS.filter((kind) => !proofs.some(({ by }) => by === kind));
  if (commands.length === 0 && unused.length > 0) throw new Sentence(`No command plants: ${unused.join(", ")}.`);
});
