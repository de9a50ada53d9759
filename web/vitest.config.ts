import { fileURLToPath } from "node:url";

import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { alias: { "@": fileURLToPath(new URL(".", import.meta.url)) } },
  test: {
    include: ["{app,components,features,lib,scripts}/**/*.test.{ts,tsx}", "*.test.ts"],
    // A file that needs a page says so in its first line: `@vitest-environment happy-dom`.
    environment: "node",
    setupFiles: "./vitest.setup.ts",
    restoreMocks: true,
    unstubGlobals: true,
  },
});
