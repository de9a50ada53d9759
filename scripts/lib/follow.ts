// Reads a stream as a patient client does: over everything that breaks it, until the ending.
import { FrameParser } from "../../web/lib/streams/frames.ts";
import { BrokenRule } from "../../web/lib/streams/must.ts";
import type { RuledReader } from "../../web/lib/streams/rules.ts";

/** Opens anew, from the reader's cursor, whenever it is refused or torn; throws on a broken rule only. */
export async function follow(reader: RuledReader, open: (cursor: string | null) => Promise<Response>): Promise<void> {
  while (reader.ending === null) {
    reader.connect();
    const parser = new FrameParser();
    try {
      const response = await open(reader.cursor);
      if (!response.ok || !response.body) throw new Error(`status ${response.status}`);
      for await (const bytes of response.body) for (const frame of parser.feed(bytes)) reader.take(frame);
    } catch (error) {
      if (error instanceof BrokenRule) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100)); // so that a refusal isn't asked for at full speed
    }
  }
}
