// `make image-sizes`: builds the images and weighs what they add to their bases.
import { command } from "../lib/command.ts";
import { Images, sizes } from "../measures/image-sizes.ts";

await command({
  name: "image-sizes",
  begin: (planted) => new Images(planted),
  measures: [sizes],
  fault: {
    kind: "extra bytes",
    how: "nginx's image gets a layer of 4 MB of noise.",
    fails: ["nginx-image"],
  },
});
