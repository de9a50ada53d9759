/** The tests' own `test`: a member, their page, and no fault in the browser that nobody noticed. */
import { test as base } from "@playwright/test";

import { Member } from "./member.ts";
import { TaskPage } from "./task-page.ts";

export { expect } from "@playwright/test";

interface Fixtures {
  /** Somebody who has just registered; the page has their session. */
  member: Member;
  taskPage: TaskPage;
  /** Faults of scripts on the page: there are to be none at the end. */
  faults: string[];
}

export const test = base.extend<Fixtures>({
  member: async ({ context }, use) => {
    await use(await Member.register(context.request));
  },
  taskPage: async ({ page }, use) => {
    await use(new TaskPage(page));
  },
  faults: [
    async ({ context }, use) => {
      const faults: string[] = [];
      context.on("weberror", (fault) => faults.push(String(fault.error())));
      context.on("console", (message) => {
        // What fails to load is the bad days' business; React tells of its own troubles here.
        if (
          message.type() === "error" &&
          !/Failed to load resource|net::ERR_|WebSocket connection to/.test(message.text())
        )
          faults.push(message.text());
      });
      await use(faults);
      base.expect(faults, "faults of scripts on the page").toEqual([]);
    },
    { auto: true },
  ],
});

/** The same for tests that are about the page of a member, whoever that is. */
export const signedIn = test.extend<{ session: string }>({
  session: [async ({ member }, use) => use(member.credentials.email), { auto: true }],
});
