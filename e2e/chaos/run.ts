/** One run: a stack of its own, members whose tasks are watched while things go wrong, calm, and the verdict. */
import type { Stack } from "../../scripts/lib/stack.ts";
import { throwAway } from "../../scripts/lib/throw-away.ts";
import { RuledFeed } from "../../web/lib/streams/feed-rules.ts";
import { Faults } from "./faults.ts";
import { Ledger } from "./ledger.ts";
import { Life } from "./life.ts";
import { Member } from "./member.ts";
import type { Place } from "./place.ts";
import { Random } from "./random.ts";
import { report } from "./report.ts";
import { environment, settings } from "./settings.ts";
import { Socket } from "./socket.ts";
import { OwnLag, sleep, until } from "./time.ts";
import { feedFaults, judge } from "./verdict.ts";

const MEMBERS = 5;
const SOCKETS = 3;
/** How soon everything works again when nothing goes wrong any more. */
const CALM_WITHIN = 20_000;
/** How soon after a task's ending the feed tells of it: well before the socket comes back anyway, and catches up. */
const TOLD_WITHIN = 4_000;
/** How long after the last fault every reader of an old task has its ending: some leases, and what is left to write. */
const ENDS_WITHIN = 45_000;

interface Party {
  member: Member;
  feed: RuledFeed;
  sockets: Socket[];
}

/** Gives the number of violations. `onStack` gets what has to be ended when we are interrupted. */
export async function run(seed: number, onStack: (end: () => Promise<void>) => void): Promise<number> {
  const more = { apis: 1, workers: 1 };
  const { stack, end } = await throwAway(["postgres", "valkey", "api", "worker", "beat"], environment, more);
  const ledger = new Ledger();
  const faults = new Faults(stack, new Random(seed));
  const finish = () => {
    faults.heal();
    return end("chaos-logs");
  };
  onStack(finish);
  try {
    await stack.start((name, took) => console.log(`  ${name.padEnd(11)} ready   ${took.toFixed(1)} s`));
    await live(stack, seed, ledger, faults);
  } finally {
    await finish();
  }
  return ledger.violations.length;
}

async function live(stack: Stack, seed: number, ledger: Ledger, faults: Faults): Promise<void> {
  const random = new Random(seed ^ 0x5eed);
  const lag = new OwnLag();
  const apis = stack.services.filter(({ kind }) => kind === "api");
  const ports = apis.map(({ port }) => port!);
  const nameOf = (port: number) => apis.find((api) => api.port === port)!.name;
  let calm = Infinity;
  const place: Place = {
    ports,
    origin: stack.plan.env["SITE_URL"]!,
    random,
    ledger,
    isCalm: () => performance.now() > calm,
    isLate: () => performance.now() > calm + ENDS_WITHIN,
    outages: new Set([503]),
    isLeaving: (port) => faults.leaves(nameOf(port)),
    excused: (port, from) => faults.stopped(nameOf(port), from) + lag.since(from),
  };
  const parties = await Promise.all(Array.from({ length: MEMBERS }, (_, number) => join(place, number)));
  const meddling = setInterval(() => {
    for (const { sockets } of parties) for (const socket of sockets) if (random.chance(0.15)) socket.meddle();
  }, 500);

  const begun = performance.now();
  const over = begun + settings.seconds * 1000;
  const lives: Life[] = [];
  const telling = setInterval(() => {
    const open = lives.flatMap(({ watchers }) => watchers).filter(({ done }) => !done).length;
    const at = Math.round((performance.now() - begun) / 1000);
    console.log(`  ${at} s: ${lives.length} tasks, ${ledger.stalls.length} streams judged, ${open} open`);
  }, 10_000);
  const one = async () => {
    while (performance.now() < over) {
      const { member, sockets } = random.pick(parties);
      const life = await Life.begin(member, random.int(40, 600));
      lives.push(life);
      await life.run(place, sockets, random.fork());
    }
  };
  const working = Promise.all(Array.from({ length: settings.tasks }, one));
  await Promise.all([faults.run(over, settings.pause), until(() => performance.now() > over, Infinity)]);
  calm = performance.now();
  clearInterval(meddling);
  await working;
  clearInterval(telling);
  calm = performance.now();

  const { tally, rows } = await judge([...lives, ...(await theLast(parties, place))], ledger);
  for (const { member, feed, sockets } of parties) {
    const own = lives.filter((life) => life.member === member);
    await until(() => feedFaults(feed, own, rows).length === 0, CALM_WITHIN);
    for (const fault of feedFaults(feed, own, rows)) ledger.violation("feed", fault);
    for (const socket of sockets) socket.close();
  }
  console.log(`\n${report(seed, faults.log, ledger, tally)}\n`);
}

async function join(place: Place, number: number): Promise<Party> {
  const member = await Member.register(place);
  const feed = new RuledFeed();
  const sockets = Array.from(
    { length: SOCKETS },
    (_, index) => new Socket(place, member, `socket ${number}.${index}`, index === 0 ? feed : null),
  );
  for (const socket of sockets) void socket.run();
  if (!(await until(() => feed.cursor !== null, CALM_WITHIN))) throw new Error("The feed can't be subscribed to.");
  return { member, feed, sockets };
}

/** Nothing goes wrong any more: a task of each member has to be made, watched and in the feed at once. */
async function theLast(parties: readonly Party[], place: Place): Promise<Life[]> {
  await sleep(2_000);
  return Promise.all(
    parties.map(async ({ member, feed, sockets }, number) => {
      const life = await Life.begin(member, 60);
      const watching = life.run(place, sockets, new Random(number));
      await until(() => life.watchers.some(({ judge }) => judge.ending !== null), CALM_WITHIN);
      const isTold = () => feed.tasks.get(life.id)?.type === "feed_finished";
      if (!(await until(isTold, TOLD_WITHIN))) place.ledger.violation("feed", `${life.id} is told with its ending`);
      await watching;
      return life;
    }),
  );
}
