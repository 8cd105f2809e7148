import { spawnSync } from "node:child_process";

/** Builds the console where its sources have changed. @throws an Error where it cannot be built; it is said above why */
export function buildConsole(): void {
  const built = spawnSync(process.execPath, ["scripts/build-console.mjs"], { stdio: ["ignore", "inherit", "inherit"] });
  if (built.status !== 0) throw new Error("The console cannot be built; it is said above why.");
}
