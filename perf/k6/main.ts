// Load by k6: what people do over REST, as an open model (it comes at its rate, however slow the answers are), and
// sockets that follow a task to its end.
//   k6 run -e BASE_URL=https://… [-e ORIGIN=…] [-e EMAIL=… -e PASSWORD=…] [-e PROFILE=load] perf/k6/main.ts
// `make perf-load` runs it beside the clients of SSE. Limits and rates are those of perf/budgets.json.
import type { Options, Scenario } from "k6/options";

import { enter, leave, type Session } from "./site.ts";
import { given, judgesLatencies, lasts, row, stages } from "./sizes.ts";

export { cancel, list, make, read } from "./rest.ts";
export { follow } from "./sockets.ts";

/** What is done at which rate, and how long one of them may take at worst, in seconds. */
const DEEDS = [
  { id: "load-list", exec: "list", takes: 2 },
  { id: "load-read", exec: "read", takes: 2 },
  { id: "load-create", exec: "make", takes: 2 },
  { id: "load-cancel", exec: "cancel", takes: 2 },
  { id: "load-socket-gaps", exec: "follow", takes: 20 },
] as const;

/** Whose times are judged. */
const LATENCIES = {
  "load-list": "http_req_duration{name:list}",
  "load-read": "http_req_duration{name:read}",
  "load-create": "http_req_duration{name:create}",
  "load-cancel": "http_req_duration{name:cancel}",
  "load-socket-opened": "socket_opened",
};

function scenario({ id, exec, takes }: (typeof DEEDS)[number]): Scenario {
  const rate = given(id, "perSecond");
  // k6 takes whole numbers: per minute there are enough of them.
  const perMinute = (times: number) => Math.round(rate * times * 60);
  const most = rate * Math.max(...stages.map(({ times }) => times)) * takes;
  return {
    executor: "ramping-arrival-rate",
    exec,
    timeUnit: "1m",
    startRate: perMinute(stages[0]!.times),
    stages: stages.flatMap(({ times, seconds }) => [
      { target: perMinute(times), duration: "0s" },
      { target: perMinute(times), duration: `${seconds}s` },
    ]),
    preAllocatedVUs: Math.ceil(most / 2) + 1,
    maxVUs: Math.ceil(most * 2) + 10,
    gracefulStop: "60s",
  };
}

function thresholds(): Record<string, string[]> {
  const due = DEEDS.reduce((sum, { id }) => sum + given(id, "perSecond"), 0) * lasts;
  const all: Record<string, string[]> = {
    http_req_failed: [`rate<=${row("load-failed").limit / 100}`],
    dropped_iterations: [`count<=${(row("load-late").limit / 100) * due}`],
    socket_gaps: [`max<=${row("load-socket-gaps").limit}`],
  };
  for (const [id, metric] of Object.entries(judgesLatencies ? LATENCIES : {}))
    all[metric] = [`p(${row(id).percentile ?? 50})<=${row(id).limit}`];
  return all;
}

export const options: Options = {
  scenarios: Object.fromEntries(DEEDS.map((deed) => [deed.exec, scenario(deed)])),
  thresholds: thresholds(),
  systemTags: ["name", "status", "scenario"],
  summaryTrendStats: ["min", "med", "avg", "p(95)", "p(99)", "max", "count"],
  setupTimeout: "60s",
};

export const setup = (): Session => enter(given("load-list", "rows"));
export const teardown = (session: Session): void => leave(session);

export function handleSummary(data: unknown): Record<string, string> {
  return { [__ENV["SUMMARY"] ?? "stdout"]: `${JSON.stringify(data, null, 2)}\n` };
}
