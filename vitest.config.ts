import { defineConfig, type ViteUserConfig } from "vitest/config";

const conditions: string[] = ["@reliq/source", "node", "import", "default"];

const config: ViteUserConfig = defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ["packages/**/*.test.ts", "apps/**/*.test.ts", "test/**/*.test.ts", "chaos/**/*.test.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});

export default config;
