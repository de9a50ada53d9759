// A load on a site: k6's requests and sockets, and the clients of SSE beside them.
import { Sentence } from "../../scripts/lib/errors.ts";
import { type Budget, given, readBudgets, type Result } from "../lib/budgets.ts";
import { Audience, type Witness } from "./audience.ts";
import type { Histogram } from "./histogram.ts";
import { type Point, type Points, runK6 } from "./k6.ts";
import { lengthOf, type Stage } from "./profiles.ts";
import type { Member, Site } from "./site.ts";

/** How long streams may take to their endings after the last task was asked for, in seconds. */
const TAIL = 60;
/** A session holds that long without being renewed, in seconds. */
const SESSION = 240;

/** The rows of the load as they are in the file, but for those that are asked for in another size. */
export function rowsOf(asked: readonly Budget[] = []): Map<string, Budget> {
  const rows = readBudgets().filter(({ command }) => command === "load");
  return new Map(rows.map((row) => [row.id, asked.find(({ id }) => id === row.id) ?? row]));
}

/** What the rows say of tasks; a stack of our own is told so. */
export function settingsOf(rows: ReadonlyMap<string, Budget>): Record<string, string> {
  const streams = rowOf(rows, "load-stream-gaps");
  return {
    OFFLINE_TOKENS_PER_SECOND: String(given(streams, "tokensPerSecond")),
    OFFLINE_TOKENS: String(given(streams, "tokens")),
  };
}

export function rowOf(rows: ReadonlyMap<string, Budget>, id: string): Budget {
  const row = rows.get(id);
  if (!row) throw new Sentence(`There is no budget ${id}.`);
  return row;
}

export interface Loaded {
  points: Points;
  witnesses: Witness[];
  waits: Histogram;
  refusals: string[];
  /** When the load began, in milliseconds of the clock on the wall. */
  began: number;
}

interface Load {
  site: Site;
  rows: ReadonlyMap<string, Budget>;
  profile: string;
  stages: readonly Stage[];
}

/** Throws a sentence when a part of it didn't do its work, or when our own stack didn't live to see the end. */
export async function underLoad({ site, rows, profile, stages }: Load): Promise<Loaded> {
  const member = await somebody(site);
  if (lengthOf(stages) > SESSION) await member.takeKey();
  const streams = rowOf(rows, "load-stream-gaps");
  const [perSecond, readers, spread] = ["perSecond", "readers", "spread"].map((name) => given(streams, name)) as [
    number,
    number,
    number,
  ];
  const audience = new Audience(member, { perSecond, readers, spread });
  try {
    const began = Date.now();
    const requests = runK6({ url: site.url, origin: site.origin, profile, stages, budgets: [...rows.values()] });
    const streams = audience.come(stages).then(() => audience.told(TAIL));
    await Promise.allSettled([requests, streams]); // neither is to see the end of the other
    await site.mustLive();
    const [points, witnesses] = await Promise.all([requests, streams]);
    return { points, witnesses, waits: audience.waits, refusals: audience.refusals, began };
  } finally {
    audience.end();
    await member.leave().catch(() => undefined); // with our own stack all of it goes
  }
}

function somebody(site: Site): Promise<Member> {
  const [email, password] = [process.env["EMAIL"], process.env["PASSWORD"]];
  return email && password ? site.signIn(email, password) : site.register();
}

/** What was measured, by the rows' ids, in their units; latencies from `from` until `to`, seconds after the beginning. */
export function resultsOf(
  loaded: Loaded,
  rows: ReadonlyMap<string, Budget>,
  from = 0,
  to = Infinity,
): Record<string, Result> {
  const { points, began } = loaded;
  const isIn = (at: number) => at >= began + from * 1_000 && at < began + to * 1_000;
  const times = (all: Point[] = [], name?: string): Result => ({
    samples: all
      .filter((point) => isIn(point.at) && (name === undefined || point.name === name))
      .map(({ value }) => value),
  });
  const requests = points["http_req_duration"];
  const witnesses = loaded.witnesses.filter(({ asked }) => isIn(asked));
  const heard = (value: (witness: Witness) => number): Result => ({ samples: witnesses.map(value) });
  const streams = rowOf(rows, "load-stream-gaps");
  const own = given(streams, "tokens") / given(streams, "tokensPerSecond");
  return {
    "load-list": times(requests, "list"),
    "load-read": times(requests, "read"),
    "load-create": times(requests, "create"),
    "load-cancel": times(requests, "cancel"),
    "load-socket-opened": times(points["socket_opened"]),
    "load-stream-opened": heard(({ opened }) => opened ?? NaN),
    "load-stream-wait": heard(({ longest }) => longest),
    "load-stream-over": heard(({ endedAt, posted }) => (endedAt === null ? NaN : (endedAt - posted) / 1_000 - own)),
    ...kept(loaded),
  };
}

/** What has to hold at every moment. */
function kept({ points, witnesses, refusals }: Loaded): Record<string, Result> {
  const asked = points["http_req_failed"] ?? [];
  const failures = [
    ...asked.filter(({ value }) => value > 0).map(({ name, status }) => `${name} ${status}`),
    ...refusals,
  ];
  const all = asked.length + new Set(witnesses.map(({ task }) => task)).size + refusals.length;
  const late = (points["dropped_iterations"] ?? []).reduce((sum, { value }) => sum + value, 0);
  const begun = (points["iterations"] ?? []).reduce((sum, { value }) => sum + value, 0);
  const sum = (value: (witness: Witness) => number) => witnesses.reduce((total, each) => total + value(each), 0);
  const broken = witnesses.find((witness) => witness.broken !== null)?.broken;
  const events = `${sum(({ events }) => events)} events over ${sum(({ connections }) => connections)} connections`;
  return {
    "load-failed": {
      samples: [(failures.length / all) * 100],
      note: `${failures.length} of ${all}${counted(failures)}`,
    },
    "load-late": { samples: [(late / (late + begun)) * 100], note: `${late} of ${late + begun}` },
    "load-socket-gaps": { samples: (points["socket_gaps"] ?? []).map(({ value }) => value) },
    "load-stream-gaps": {
      samples: witnesses.map(({ gaps, broken }) => gaps + (broken === null ? 0 : 1)),
      note: broken ?? events,
    },
  };
}

/** Each of them once, and how often it came. */
function counted(all: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const each of all) counts.set(each, (counts.get(each) ?? 0) + 1);
  return Array.from(counts, ([what, count]) => `; ${count} × ${what.slice(0, 80)}`).join("");
}
