import { hash } from "node:crypto";
import { defineConfig, type Plugin, type UserConfig } from "vite";

/** The weights of Open Sans that are kept: what asks for a lighter or a heavier one gets the nearest of them. */
const KEPT_WEIGHTS = ["400", "700"];

/** Makes files of the fonts that Cloudscape's style sheet holds: a page's first load is shorter without them, and its policy takes no others. */
const fontFiles: Plugin = {
  name: "font-files",
  generateBundle(_, bundle) {
    const fileOf = (_whole: string, kind: string, data: string): string => {
      const source = Buffer.from(data, "base64");
      const fileName = `assets/open-sans-${hash("sha256", source).slice(0, 8)}.${kind}`;
      this.emitFile({ type: "asset", fileName, source });
      return `url(/${fileName})`;
    };
    for (const file of Object.values(bundle)) {
      if (file.type !== "asset" || !file.fileName.endsWith(".css")) continue;
      file.source = String(file.source).replace(/@font-face\{[^}]*\}/g, (face) => {
        const isKept = KEPT_WEIGHTS.some((weight) => face.includes(`font-weight:${weight};font-style:normal`));
        return isKept ? face.replace(/url\("?data:font\/(woff2?);base64,([^")]+)"?\)/, fileOf) : "";
      });
    }
  },
};

/**
 * Modules of Cloudscape that no page comes to: lists that a person sorts by dragging, which are in its preferences only, and the frames of AWS's own console
 * and of its older look, which are chosen by flags that nothing sets.
 */
const UNREACHED: readonly (readonly [module: string, name: string])[] = [
  ["internal/components/sortable-area", "SortableArea"],
  ["app-layout/classic", "ClassicAppLayout"],
  ["app-layout/visual-refresh-toolbar", "ToolbarAppLayout"],
];

/** Leaves them out; who comes to one after all is told. */
const withoutUnreached: Plugin = {
  name: "without-unreached",
  enforce: "pre",
  load: (id) => {
    const found = UNREACHED.find(
      ([module]) => id.endsWith(`/components/${module}/index.js`) || id.endsWith(`/components/${module}.js`),
    );
    return (
      found && `export default function ${found[1]}() { throw new Error("vite.config.ts leaves ${found[0]} out"); }`
    );
  },
};

/** Components of Cloudscape with long texts that no page has. */
const UNUSED = [
  "annotation-context",
  "code-editor",
  "collection-preferences",
  "copy-to-clipboard",
  "date-range-picker",
  "features-notification-drawer",
  "file-token-group",
  "file-upload",
  "list",
  "prompt-input",
  "s3-resource-selector",
  "slider",
  "tag-editor",
  "tutorial-panel",
  "wizard",
];

/** Leaves out the texts of components that are not used. */
const withoutTexts: Plugin = {
  name: "without-texts",
  enforce: "pre",
  transform(code, id) {
    if (!id.endsWith("/i18n/messages/all.en.js")) return undefined;
    const messages = JSON.parse(code.slice(code.indexOf("{"), code.lastIndexOf("}") + 1));
    for (const name of UNUSED) delete messages["cloudscape-design-components"].en[name];
    return { code: `export default ${JSON.stringify(messages)};`, map: null };
  },
};

const config: UserConfig = defineConfig({
  root: import.meta.dirname,
  resolve: {
    conditions: ["@reliq/source", "browser", "import", "default"],
    // Cloudscape's texts are parsed when it is published (formatjs.github.io, "Performance Tuning").
    alias: [
      { find: /^@formatjs\/icu-messageformat-parser$/, replacement: "@formatjs/icu-messageformat-parser/no-parser.js" },
    ],
  },
  plugins: [fontFiles, withoutUnreached, withoutTexts],
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
      // Each part that several pages have would be a file of its own. Those of ten pages are in what every page loads; with those of six, the overview would be 4 KB larger.
      output: { codeSplitting: { groups: [{ name: "shared", minShareCount: 10 }] } },
      // Cloudscape marks its modules for a server's renderer, which there is none of here.
      onLog: (level, log, report) => {
        if (log.code !== "MODULE_LEVEL_DIRECTIVE") report(level, log);
      },
    },
  },
});

export default config;
