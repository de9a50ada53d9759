// What lists and texts cost, the more there is of them.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

import { Sentence } from "../../../scripts/lib/errors.ts";
import { api, python } from "../../../scripts/lib/paths.ts";
import { memory } from "../../lib/proc.ts";
import { cpuOf, milliseconds } from "./costs.ts";
import type { Growth, Part } from "./growth.ts";
import { House } from "./house.ts";

const ROWS = [10, 100, 1_000, 10_000, 100_000, 1_000_000];
const TEXTS = [1_000, 10_000, 100_000, 1_000_000];
const LOOKS = 40;
const MB = 1_000_000;

const growth = (what: string, unit: string, expected: number): Growth => ({ what, unit, expected, points: [] });

interface Look {
  plan: string;
  ms: number;
}

interface Grown {
  first: Look;
  thousandth: Look;
  cursor: string;
  table: number;
  indexes: number;
}

/** The process that makes rows (api/bench/rows.py). */
function filler({ database, userId }: House): { ask: (line: string) => Promise<unknown>; end: () => void } {
  const child = spawn(python, ["-m", "bench.rows", database, userId], { cwd: api, stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    end: () => child.stdin.end(),
    async ask(line) {
      child.stdin.write(`${line}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Sentence("The process that makes rows died.");
      return JSON.parse(value) as unknown;
    },
  };
}

export async function rows(): Promise<Part[]> {
  const house = await House.open(["postgres", "valkey", "api"]);
  const fill = filler(house);
  try {
    return [await ofLists(house, fill.ask), await ofTexts(house, fill.ask)];
  } finally {
    fill.end();
    await house.end();
  }
}

async function ofLists(house: House, ask: (line: string) => Promise<unknown>): Promise<Part> {
  const first = growth("The first page of 20 tasks, by HTTP", "ms", 0);
  const last = growth("The thousandth page by its cursor, by HTTP", "ms", 0);
  const query = growth("The thousandth page, in Postgres alone", "ms", 0);
  const resident = growth("Memory of the API's process after it", "MB", 0);
  const bytes = growth("Bytes of table and indexes", "MB", 1);
  let plans = "";
  const pid = await house.pid("api");
  for (const size of ROWS) {
    const grown = (await ask(String(size))) as Grown;
    const add = ({ points }: Growth, value: number) => void points.push({ size, value });
    add(first, await milliseconds(LOOKS, () => house.get("/api/v1/tasks?limit=20")));
    add(last, await milliseconds(LOOKS, () => house.get(`/api/v1/tasks?limit=20&cursor=${grown.cursor}`)));
    add(query, grown.thousandth.ms);
    add(resident, memory(pid) / MB);
    add(bytes, (grown.table + grown.indexes) / MB);
    plans = `The plans at ${size.toLocaleString("en")} rows: ${grown.first.plan}, and ${grown.thousandth.plan}.`;
  }
  const notes = ["Half of the rows are the reader's. Below 40,000 the thousandth page is their last one.", plans];
  return { id: "rows", title: "Rows of tasks", of: "rows", growths: [first, last, query, resident, bytes], notes };
}

async function ofTexts(house: House, ask: (line: string) => Promise<unknown>): Promise<Part> {
  const read: Growth = { what: "A task with its text, by HTTP", unit: "ms", expected: 1, points: [] };
  const stream: Growth = { what: "A late stream: a snapshot and the ending", unit: "ms", expected: 1, points: [] };
  const cpu: Growth = { what: "The API's CPU for such a stream", unit: "ms", expected: 1, points: [] };
  const resident: Growth = {
    what: "Memory of the API's process after 40 of each",
    unit: "MB",
    expected: 1,
    points: [],
  };
  const pid = await house.pid("api");
  for (const size of TEXTS) {
    const task = `/api/v1/tasks/${String(await ask(`text ${size}`))}`;
    read.points.push({ size, value: await milliseconds(LOOKS, () => house.get(task)) });
    const spent = await cpuOf([pid], async () => {
      stream.points.push({ size, value: await milliseconds(LOOKS, () => house.get(`${task}/stream`)) });
    });
    cpu.points.push({ size, value: (1_000 * spent) / (LOOKS + 3) });
    resident.points.push({ size, value: memory(pid) / MB });
  }
  const notes = ["Small texts cost what any answer costs: the slope is that of the large ones."];
  return {
    id: "texts",
    title: "The length of a text",
    of: "characters",
    growths: [read, stream, cpu, resident],
    notes,
  };
}
