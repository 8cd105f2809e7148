// Runs before `npm start`, `npm test` and `npm run verify`, under any Node from 20 on: installs what the lock file names
// when node_modules is missing or older than the lock file, so that both commands work straight from a fresh clone.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const installed = `${root}node_modules/.package-lock.json`;

function installIsDue() {
  if (!existsSync(installed)) return true;
  const wanted = JSON.parse(readFileSync(`${root}package-lock.json`, "utf8")).packages;
  const present = JSON.parse(readFileSync(installed, "utf8")).packages;
  return Object.entries(wanted).some(([path, entry]) => {
    if (path === "" || entry.optional || entry.devOptional || entry.link) return false;
    return path.startsWith("node_modules/") && present[path]?.version !== entry.version;
  });
}

if (installIsDue()) {
  console.log("Installing dependencies (npm ci), once: about a minute …");
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const result = spawnSync(npm, ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (result.status !== 0) {
    console.error("npm ci failed, see above. Check the network and the registry, then run the command again.");
    process.exit(result.status ?? 1);
  }
}
