// A Sentence is an error meant for a person: the scripts print it alone, without a stack trace.
export class Sentence extends Error {}

/** Runs a script's main function; a Sentence becomes one line and exit code 1. */
export async function main(run: () => Promise<number | void>): Promise<void> {
  try {
    process.exitCode = (await run()) ?? process.exitCode ?? 0;
  } catch (error) {
    console.error(error instanceof Sentence ? error.message : error);
    process.exitCode = 1;
  }
}
