import { availableParallelism } from "node:os";
import { defineConfig, type ViteUserConfig } from "vitest/config";

const conditions: string[] = ["@reliq/source", "node", "import", "default"];

const config: ViteUserConfig = defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: [
      "packages/**/*.test.ts",
      "apps/**/*.test.ts",
      "test/**/*.test.ts",
      "bench/**/*.test.ts",
      "chaos/**/*.test.ts",
      "gamedays/**/*.test.ts",
    ],
    execArgv: ["--conditions=@reliq/source"],
    // Vitest's own choice on two cores is one, and most journeys wait more than they work.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 30_000,
    hookTimeout: 60_000,
    coverage: {
      provider: "v8",
      reporter: ["text", "html"],
      include: ["packages/*/src/**/*.ts", "apps/**/*.ts"],
      exclude: ["**/*.test.ts", "**/test/**", "**/cdk.out/**"],
    },
  },
});

export default config;
