/** The tests' own `test`: a member, their page, and no fault in the browser that nobody noticed. */
import { type BrowserContext, test as base } from "@playwright/test";

import { actWhenAlive } from "./alive.ts";
import { keepsOnlyOurCookies } from "./cookies.ts";
import { Member } from "./member.ts";
import { TaskPage } from "./task-page.ts";

export { expect } from "@playwright/test";

interface Fixtures {
  /** Somebody who has just registered; the page has their session. */
  member: Member;
  taskPage: TaskPage;
  /** Faults of scripts on the page: there are to be none at the end. */
  faults: string[];
  /** At the end the browser holds no cookie but the contract's. */
  cookies: void;
}

export const test = base.extend<Fixtures>({
  member: async ({ context }, use) => {
    await use(await Member.register(context.request));
  },
  taskPage: async ({ page }, use) => {
    await use(new TaskPage(page));
  },
  faults: [
    async ({ browser, context }, use) => {
      const faults: string[] = [];
      await collect(context, faults);
      // A second person has a browser of their own.
      const newContext = browser.newContext.bind(browser);
      browser.newContext = async (...options) => {
        const other = await newContext(...options);
        await collect(other, faults);
        return other;
      };
      await use(faults);
      browser.newContext = newContext;
      base.expect(faults, "faults of scripts on the page").toEqual([]);
    },
    { auto: true },
  ],
  cookies: [
    async ({ context }, use) => {
      await use();
      await keepsOnlyOurCookies(context);
    },
    { auto: true },
  ],
});

/** Adds to `faults` what goes wrong in any page of the context: what its policy stops, too. */
async function collect(context: BrowserContext, faults: string[]): Promise<void> {
  await actWhenAlive(context);
  context.on("weberror", (fault) => faults.push(String(fault.error())));
  context.on("console", (message) => {
    // What fails to load is the bad days' business; React tells of its own troubles here.
    if (message.type() === "error" && !/Failed to load resource|net::ERR_|WebSocket connection to/.test(message.text()))
      faults.push(message.text());
  });
  await context.addInitScript(() =>
    document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI, sourceFile, lineNumber }) =>
      console.error(`The policy stopped ${blockedURI} by ${effectiveDirective} at ${sourceFile}:${lineNumber}`),
    ),
  );
}

/** The same for tests that are about the page of a member, whoever that is. */
export const signedIn = test.extend<{ session: string }>({
  session: [async ({ member }, use) => use(member.credentials.email), { auto: true }],
});
