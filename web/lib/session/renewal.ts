/**
 * The session's token is renewed by whichever tab comes first, and the others go on with it. What they share is one
 * lock: whoever holds it asks the API, and leaves the time behind in the name of another lock, which lives as long as
 * the tab. Nothing is stored, and no script ever sees a token. Where there are no locks (plain http on another host's
 * name) every tab renews for itself, which the API allows for.
 */

/** `over`: nobody is signed in any more. `unknown`: nobody could say. */
export type Renewal = { name: "renewed"; at: number } | { name: "over" } | { name: "unknown" };

/** A renewal takes milliseconds. Who waits longer for another tab waits for one that the browser has put to sleep. */
const TURN_MS = 12_000;
const ANSWER_MS = 10_000;

const TURN = "session";
const NOTE = "session-renewed-at-";

let tries = 0;
let renewedAt = 0;
let failed: Renewal = { name: "unknown" };
let queue: Promise<unknown> = Promise.resolve();
let dropNote = () => {};

/** Renews the token, unless that was done by whatever tab after `since` (milliseconds of the clock). Never rejects. */
export function renew(since: number): Promise<Renewal> {
  const triesBefore = tries;
  return inTurn(async () => {
    const at = Math.max(renewedAt, await latestNote());
    if (at > since) return { name: "renewed", at };
    // Who was before us in this tab has just tried in vain.
    if (tries > triesBefore) return failed;
    const renewal = await ask();
    tries++;
    if (renewal.name === "renewed") await leaveNote((renewedAt = renewal.at));
    else failed = renewal;
    return renewal;
  });
}

async function ask(): Promise<Renewal> {
  try {
    const signal = AbortSignal.timeout(ANSWER_MS);
    const { ok, status } = await fetch("/api/v1/auth/refresh", { method: "POST", cache: "no-store", signal });
    if (ok) return { name: "renewed", at: Date.now() };
    if (status === 401) return { name: "over" };
  } catch {
    // As with any answer that isn't one of the two.
  }
  return { name: "unknown" };
}

/** After all who asked before, in this tab and in the others. */
async function inTurn(task: () => Promise<Renewal>): Promise<Renewal> {
  if (!hasLocks()) {
    const turn = queue.then(task);
    queue = turn;
    return turn;
  }
  let begun: Promise<Renewal> | null = null;
  const begin = () => (begun ??= task());
  try {
    return await navigator.locks.request(TURN, { signal: AbortSignal.timeout(TURN_MS) }, begin);
  } catch {
    return begin();
  }
}

const hasLocks = (): boolean => "locks" in navigator && Boolean(navigator.locks);

/** When a tab has renewed the token last, as far as it is still open; 0 when none has. */
async function latestNote(): Promise<number> {
  if (!hasLocks()) return 0;
  const { held = [] } = await navigator.locks.query().catch((): LockManagerSnapshot => ({}));
  const times = held.map(({ name = "" }) => (name.startsWith(NOTE) ? Number(name.slice(NOTE.length)) : 0));
  return Math.max(0, ...times);
}

/** Resolves when the others can read it. */
function leaveNote(at: number): Promise<void> {
  dropNote();
  if (!hasLocks()) return Promise.resolve();
  return new Promise((left) => {
    const hold = () => {
      left();
      return new Promise<void>((drop) => (dropNote = drop));
    };
    navigator.locks.request(NOTE + at, hold).catch(() => left());
  });
}
