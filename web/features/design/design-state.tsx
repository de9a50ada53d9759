import { StateDot, type Tone } from "@/components/ui/state-dot";

import type { DesignView } from "./use-design";

/** How it stands with the design: always there, announced when it changes. */
export function DesignState({ view }: { view: DesignView }) {
  const [tone, sentence] = describe(view);
  return (
    <p role="status">
      <StateDot tone={tone}>{sentence}</StateDot>
    </p>
  );
}

function describe({ phase, way, text }: DesignView): [Tone, string] {
  switch (phase) {
    case "idle":
      return ["done", "Nothing asked yet"];
    case "writing":
      if (way === "stream") return text === "" ? ["wait", "Waiting for the first words"] : ["live", "Writing"];
      return ["wait", "Writing, without the stream: the text comes in one piece"];
    case "stopped":
      return ["done", "Stopped"];
    case "failed":
      return ["fail", "Failed"];
    case "done":
      return ["done", "Done"];
    default:
      return phase satisfies never;
  }
}
