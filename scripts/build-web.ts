// `make build-web`: the production build of the page.
import { main } from "./lib/errors.ts";
import { buildPage } from "./lib/page.ts";

await main(buildPage);
