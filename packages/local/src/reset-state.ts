import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { openStore } from "./kernel/store.ts";
import { StoreError } from "./kernel/store-error.ts";

/** What a region keeps in its state directory; nothing else there is touched. */
const STATE_FILES = ["region.sqlite", "region.sqlite-wal", "region.sqlite-shm", "functions", "blobs", "cdk.out"];

/**
 * Clears a state directory, also one whose state file is damaged; returns the names of what it removed.
 * @throws StoreError `state-locked` where a region runs on it.
 */
export function resetState(directory: string): readonly string[] {
  const present = STATE_FILES.filter((name) => existsSync(join(directory, name)));
  if (present.includes("region.sqlite")) refuseWhileRunning(directory);
  for (const name of present) rmSync(join(directory, name), { recursive: true, force: true });
  return present;
}

function refuseWhileRunning(directory: string): void {
  try {
    openStore(directory).close();
  } catch (error) {
    if (error instanceof StoreError && (error.code === "state-corrupt" || error.code === "state-layout")) return;
    throw error;
  }
}
