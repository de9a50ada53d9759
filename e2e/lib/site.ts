/** Where the stack under test is: what `scripts/with-stack.ts` says. */
function given(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: these tests run beside a stack of their own, by \`make e2e\`.`);
  return value;
}

export const site = {
  /** The address of the page, which is the only accepted Origin. */
  url: given("BASE_URL"),
  /** The API without the web server before it. */
  get api(): string {
    return given("API_URL");
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
