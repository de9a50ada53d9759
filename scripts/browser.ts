// Prints the Chromium for the tests as JSON: {"path", "args", "source"}.
import { findBrowser } from "./lib/browser.ts";
import { main } from "./lib/errors.ts";

await main(async () => console.log(JSON.stringify(await findBrowser())));
