// One reader stops reading: what the others notice of it, what is kept for it, and that it can come back.
import { readFileSync } from "node:fs";

import type { Bench, Measure } from "../lib/bench.ts";
import { type Budget, given, percentile, type Result } from "../lib/budgets.ts";
import { Connection } from "../lib/connection.ts";
import type { Group } from "../lib/crowd.ts";
import { queued } from "../lib/proc.ts";
import { type Stand, streamOf } from "../lib/stand.ts";
import { eventually, seconds } from "../lib/wait.ts";
import type { Writer } from "../lib/writer.ts";

export const stalled: Measure = {
  ids: ["stalled-others", "stalled-buffer", "stalled-resumes"],
  async run(bench, budgets) {
    const scene = await Scene.set(bench, budgets[0]!);
    const results: Record<string, Result> = {};
    try {
      await scene.stall();
      const others = budgets.find(({ id }) => id === "stalled-others");
      if (others) results[others.id] = await scene.noticed(others);
      const kept = await scene.cut();
      results["stalled-buffer"] = kept;
      results["stalled-resumes"] = await scene.resumed();
    } finally {
      scene.close();
    }
    await scene.stand.mustLive();
    return results;
  },
};

const KB = 1_000;
const SIZE = 4_000;

/** A task with a reader that stalls, and a witness in the same process that doesn't. */
class Scene {
  readonly stand: Stand;
  readonly #bench: Bench;
  readonly #budget: Budget;
  readonly #writer: Writer;
  readonly #task: string;
  readonly #witness: Connection;
  readonly #stalled: Connection;
  readonly #cutsBefore: number;

  private constructor(bench: Bench, budget: Budget, stand: Stand, writer: Writer, task: string) {
    this.#bench = bench;
    this.#budget = budget;
    this.stand = stand;
    this.#writer = writer;
    this.#task = task;
    this.#witness = this.#connect();
    this.#stalled = this.#connect();
    this.#cutsBefore = this.#cuts();
  }

  static async set(bench: Bench, budget: Budget): Promise<Scene> {
    const [stand, writer, [task]] = [await bench.stand(), await bench.writer(), await bench.freshTasks(1)];
    const scene = new Scene(bench, budget, stand, writer, task!);
    await eventually("both snapshots", () => scene.#witness.frames > 0 && scene.#stalled.frames > 0);
    return scene;
  }

  #connect(place: Connection["reader"]["place"] | null = null, task = this.#task): Connection {
    const path = streamOf(task);
    return new Connection({ port: this.stand.port, path, headers: this.stand.headers, effort: "judge" }, place);
  }

  /** Bytes for the stalled reader that are in the server and not yet with the kernel. */
  get #kept(): number {
    return this.#witness.bytes - this.#stalled.received - queued(this.stand.port, this.#stalled.port);
  }

  /** Appends and waits for the witness. */
  async #append(tokens: number): Promise<void> {
    const length = this.#witness.reader.text.length + tokens * SIZE;
    await this.#writer.write({ tasks: [this.#task], batch: tokens, every: 0.01, seconds: 0.01, size: SIZE });
    await eventually("the witness has it", () => this.#witness.reader.text.length >= length, 1);
  }

  /** Fills what the kernel takes for a reader that doesn't read, until the server has to keep something. */
  async stall(): Promise<void> {
    this.#stalled.stall();
    while (this.#kept < 2 * SIZE) await this.#append(10);
  }

  /** The others' p99 while the stalled one's task goes on, in percent of that on a task where nobody stalls. */
  async noticed(budget: Budget): Promise<Result> {
    const [twin] = (await this.#bench.freshTasks(1)) as [string];
    const { cursor, text } = this.#witness.reader.place;
    const twins = [this.#connect(null, twin), this.#connect(null, twin)]; // as the stalled one's task has two here
    const calm = await this.#readers(budget, twin, null);
    const beside = await this.#readers(budget, this.#task, { cursor, text });
    const samples: number[] = [];
    for (let round = 0; round < budget.samples; round++) {
      const usual = await this.#p99(budget, twin, calm);
      samples.push((100 * (await this.#p99(budget, this.#task, beside))) / usual);
    }
    for (const each of twins) each.close();
    await calm.close();
    await beside.close();
    return { samples };
  }

  #readers(budget: Budget, task: string, place: Connection["reader"]["place"] | null): Promise<Group> {
    const { port, headers } = this.stand;
    const count = given(budget, "readers");
    return this.#bench.crowd.open({ port, headers, paths: [streamOf(task)], count, place, efforts: ["judge"] });
  }

  async #p99(budget: Budget, task: string, readers: Group): Promise<number> {
    const every = given(budget, "every");
    const expected =
      (await this.#writer.write({ tasks: [task], batch: 1, every, seconds: given(budget, "seconds"), stamped: true })) *
      readers.count;
    const latencies: number[] = [];
    await eventually("every token at its reader", async () => {
      latencies.push(...(await readers.seen()).latencies);
      return latencies.length >= expected;
    });
    return percentile(latencies, 99);
  }

  /** Appends one token after the other until the server cuts the stalled reader. */
  async cut(): Promise<Result> {
    let before = this.#witness.payload;
    const at = this.#kept;
    while (this.#cuts() === this.#cutsBefore) {
      before = this.#witness.payload;
      await this.#append(1);
      await seconds(0.03); // for the line in the log
      if (this.#kept - at > 100 * given(this.#budget, "mostKept")) break;
    }
    const inServer = this.#kept;
    this.#stalled.goOn();
    await eventually("the end of the stalled reader", () => this.#stalled.ended);
    // What it never got had waited behind the frame that was being written, but for the token that was too much.
    const waited = before - this.#stalled.payload;
    return { samples: [waited / KB], note: `${(inServer / KB).toFixed(0)} KB with the frame that was being written` };
  }

  /** How many clients were cut for that; the API says so in its log. */
  #cuts(): number {
    return readFileSync(this.stand.stack.logOf("api"), "utf8").split("a client is too slow").length - 1;
  }

  /** Whether the one that was cut got the rest by its cursor: 1 for yes. */
  async resumed(): Promise<Result> {
    const { cursor, text } = this.#stalled.reader.place;
    const again = this.#connect({ cursor, text });
    const whole = this.#witness.reader.text;
    await eventually("the rest", () => again.reader.text.length >= whole.length || again.ended);
    again.close();
    const isWhole = cursor !== null && again.failure === null && again.reader.text === whole;
    return { samples: [isWhole ? 1 : 0], note: `${whole.length - text.length} characters after ${cursor}` };
  }

  close(): void {
    this.#witness.close();
    this.#stalled.close();
  }
}
