import type { FailureStore } from "../recover-ports.ts";
import type { RedriveRun } from "./redrive-run.ts";

/** How many of the newest runs are looked at. */
const MOST_RUNS = 100;

/** Runs that should have gone on before a time, and did not: which only a kill between a commit and its wake-up can do. */
export async function forgottenRuns(beforeMs: number, store: FailureStore): Promise<readonly string[]> {
  const { runs } = await store.listRuns({ limit: MOST_RUNS });
  return runs.filter((run) => hasWork(run) && lastSignMs(run) < beforeMs).map(({ id }) => id);
}

/** A run that sends nothing any more still waits for the outcomes of what it has sent. */
function hasWork({ state, sent, resolved, relapsed }: RedriveRun): boolean {
  return state === "planning" || state === "running" || sent > resolved + relapsed;
}

function lastSignMs({ wakeAtMs = 0, updatedAtMs }: RedriveRun): number {
  return Math.max(wakeAtMs, updatedAtMs);
}
