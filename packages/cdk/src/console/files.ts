import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** The console's built files, as they come with `@reliq/console`. */
export function builtFiles(): string {
  return join(dirname(createRequire(import.meta.url).resolve("@reliq/console/package.json")), "dist/app");
}

/** Whether a value is a folder of the console's built files. */
export function hasBuiltFiles(folder: unknown): boolean {
  return (
    typeof folder === "string" && ["index.html", "icon.svg", "assets"].every((name) => existsSync(join(folder, name)))
  );
}
