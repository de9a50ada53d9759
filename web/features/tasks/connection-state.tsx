import { StateDot, type Tone } from "@/components/ui/state-dot";
import { figure, words } from "@/lib/format";
import type { TaskView } from "@/lib/streams/reduce";

import type { Task } from "./queries";
import { stateWords } from "./task-state";
import type { Connection } from "./use-task-stream";

interface ConnectionStateProps {
  task: Task;
  view: TaskView;
  connection: Connection;
}

/** The state of the connection, or the ending: always there, announced when it changes, never alarming. */
export function ConnectionState(props: ConnectionStateProps) {
  const [tone, sentence] = describe(props);
  return (
    <p role="status">
      <StateDot tone={tone}>{sentence}</StateDot>
    </p>
  );
}

function describe({ task, view, connection }: ConnectionStateProps): [Tone, string] {
  const count = words(view.text);
  const kept = count === 0 ? "nothing lost" : `${figure(count)} ${count === 1 ? "word" : "words"} kept`;
  switch (connection) {
    case "connecting":
      return ["wait", "Connecting"];
    case "live":
      return ["live", view.status === "queued" ? "Live, waiting for a worker" : "Live"];
    case "reconnecting":
      return ["wait", `Reconnecting, ${kept}`];
    case "polling":
      return ["wait", "Polling: the stream doesn't get through"];
    case "signed-out":
      return ["fail", `Signed out, ${kept}`];
    case "done":
      return [
        view.status === "failed" ? "fail" : "done",
        stateWords({ ...task, status: view.status, error: view.error }),
      ];
    default:
      return connection satisfies never;
  }
}
