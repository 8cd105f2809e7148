// Builds the console into packages/console/dist/app where that is older than what it is made of. Given a folder, it builds into that, in any case.
import { globSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const root = fileURLToPath(new URL("../packages/console/", import.meta.url));
const [folder] = process.argv.slice(2);

/** When a file was changed last, milliseconds; 0 where there is none. */
function changedAt(path) {
  return statSync(`${root}${path}`, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function buildIsDue() {
  const sources = globSync(["src/**", "public/**", "index.html", "package.json", "vite.config.ts"], { cwd: root });
  const lock = statSync(fileURLToPath(new URL("../package-lock.json", import.meta.url))).mtimeMs;
  const newest = Math.max(lock, ...sources.map(changedAt));
  return newest > changedAt("dist/app/index.html");
}

if (folder !== undefined || buildIsDue()) {
  // A test's or a developer's own would put React's development build into it, which is slower and 80 KB larger.
  process.env.NODE_ENV = "production";
  await build({
    configFile: `${root}vite.config.ts`,
    logLevel: "warn",
    ...(folder !== undefined && { build: { outDir: folder } }),
  });
}
