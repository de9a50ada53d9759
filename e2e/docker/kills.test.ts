/** kill -9 of each container's process in the middle of streams: the same text at the end, and one ending. */
import { after, before, test } from "node:test";

import { Hand } from "./lib/hand.ts";
import { Party } from "./lib/party.ts";
import { measured, well } from "./lib/stack.ts";

const SERVICES = ["api", "worker", "beat", "web", "nginx", "postgres", "valkey"];
const BACK_WITHIN = 15_000;
const ENDS_WITHIN = 60_000;

let party: Party;
let hand: Hand;

before(async () => {
  await well(30_000);
  hand = new Hand();
  party = await Party.join();
});
after(async () => {
  party?.leave();
  await hand?.end();
});

for (const service of SERVICES)
  test(`streams survive a kill of ${service}, which is back within 15 s`, { timeout: 120_000 }, async () => {
    const watched = await party.begin(2, 800);

    const { isBack } = await hand.kill(service, () => watched.isUnderWay());

    measured(`${service} killed, well again`, await isBack(BACK_WITHIN));
    measured(`${service} killed, all endings there after that`, await watched.ends(ENDS_WITHIN));
    await party.judged();
  });
