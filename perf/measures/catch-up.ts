// How many frames a client gets that comes late, until it has the whole text.
import type { Measure } from "../lib/bench.ts";
import { given } from "../lib/budgets.ts";
import { Connection } from "../lib/connection.ts";
import { streamOf } from "../lib/stand.ts";
import { eventually } from "../lib/wait.ts";

export const catchUp: Measure = {
  ids: ["catch-up"],
  async run(bench, [budget]) {
    const stand = await bench.stand();
    const writer = await bench.writer();
    const [task] = (await bench.freshTasks(1)) as [string];
    const size = 5;
    const tokens = await writer.write({
      tasks: [task],
      batch: 100,
      every: 0.02,
      seconds: given(budget!, "tokens") / 5_000,
      size,
    });
    const samples: number[] = [];
    for (let client = 0; client < budget!.samples; client++) {
      // The first comes from nowhere, the others from further and further on: from a cursor that is too old to replay.
      const seq = Math.round((client / budget!.samples) * tokens);
      const place = client === 0 ? null : { text: " word".repeat(seq), cursor: `1-${seq + 1}` };
      const request = { port: stand.port, path: streamOf(task), headers: stand.headers, effort: "judge" as const };
      const connection = new Connection(request, place);
      if (bench.planted && client === 1) connection.close();
      const isWhole = () => connection.reader.text.length >= tokens * size;
      await eventually("the whole text", () => isWhole() || connection.ended);
      if (connection.failure) throw new Error(connection.failure);
      if (isWhole()) samples.push(connection.frames); // who was cut has counted nothing
      connection.close();
    }
    await stand.mustLive();
    return { "catch-up": { samples, note: `${tokens} tokens` } };
  },
};
