import type { RecoverPorts } from "../recover-ports.ts";
import { type Pace, paceOf } from "./pace.ts";
import type { RedriveRun, RunEntry } from "./redrive-run.ts";

const MINUTE_MS = 60_000;

/** Reads how the consumer is doing, and how fast the run may send for it. */
export async function readPace(
  { queue, options }: RedriveRun,
  entries: readonly RunEntry[],
  { journal, queueLoad, now }: Pick<RecoverPorts, "journal" | "now" | "queueLoad">,
): Promise<Pace> {
  const nowMs = now();
  const day = new Date(nowMs).toISOString().slice(0, 10);
  const [page, load] = await Promise.all([journal.failures(queue, day, { limit: 100 }), queueLoad?.(queue)]);
  const failures = page.entries.filter(({ failedAtMs }) => failedAtMs > nowMs - MINUTE_MS).length;
  const resolved = entries.filter(({ state }) => state === "resolved").length;
  return paceOf(options, { failures, resolved, ...load });
}
