import { hash } from "node:crypto";
import { defineConfig, type Plugin, type UserConfig } from "vite";

/** Makes files of the fonts that Cloudscape's style sheet holds: a page's first load is shorter without them, and its policy takes no others. */
const fontFiles: Plugin = {
  name: "font-files",
  generateBundle(_, bundle) {
    for (const file of Object.values(bundle)) {
      if (file.type !== "asset" || !file.fileName.endsWith(".css")) continue;
      file.source = String(file.source).replace(
        /url\("?data:font\/(woff2?);base64,([^")]+)"?\)/g,
        (_whole, kind, data) => {
          const source = Buffer.from(data, "base64");
          const fileName = `assets/open-sans-${hash("sha256", source).slice(0, 8)}.${kind}`;
          this.emitFile({ type: "asset", fileName, source });
          return `url(/${fileName})`;
        },
      );
    }
  },
};

const config: UserConfig = defineConfig({
  root: import.meta.dirname,
  resolve: { conditions: ["@reliq/source", "browser", "import", "default"] },
  plugins: [fontFiles],
  build: {
    outDir: "dist/app",
    emptyOutDir: true,
    target: "es2024",
    // The policy of the page's content takes no script or style that is written into it.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1_000,
    rolldownOptions: {
      // Cloudscape marks its modules for a server's renderer, which there is none of here.
      onLog: (level, log, report) => {
        if (log.code !== "MODULE_LEVEL_DIRECTIVE") report(level, log);
      },
    },
  },
});

export default config;
