/** Where the stack under test is: what `scripts/with-stack.ts` says, or somebody who gives BASE_URL. */
function given(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: such a test is left out where only BASE_URL is given, by its tag.`);
  return value;
}

export const site = {
  /** The address of the page, which is the only accepted Origin. */
  url: given("BASE_URL").replace(/\/+$/, ""),
  /** Whether the stack is one that was made for these tests: its mails, logs and processes are at hand. */
  isOurs: process.env["STACK_ENV"] !== undefined,
  /** Whether its API can be reached without the web server before it. */
  hasApi: process.env["API_URL"] !== undefined,
  /** The API without the web server before it; where that can't be reached, the site. */
  get api(): string {
    return process.env["API_URL"] ?? this.url;
  },
  /** Where the mails are that it sent. */
  get mails(): string {
    return given("STACK_MAILS");
  },
  /** The environment of its processes, for the project's own commands beside it. */
  get env(): Record<string, string> {
    return JSON.parse(given("STACK_ENV"));
  },
  /** Answers what runs. */
  get control(): string {
    return given("STACK_SOCKET");
  },
};
