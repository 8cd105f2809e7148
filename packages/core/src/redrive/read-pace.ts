import { describeError } from "../classify/thrown.ts";
import type { JournalEntry } from "../journal/journal-entry.ts";
import type { QueueLoad, RecoverPorts } from "../recover-ports.ts";
import { type Pace, paceOf } from "./pace.ts";
import type { RedriveRun, RunEntry } from "./redrive-run.ts";

const MINUTE_MS = 60_000;

/** The most failed attempts that are read; where there are more, these say how fast they come. */
const MOST_READ = 100;

type PacePorts = Pick<RecoverPorts, "journal" | "log" | "now" | "queueLoad">;

/** Reads how the consumer is doing, and how fast the run may send for it. What the host does not tell slows nothing. */
export async function readPace(
  { queue, options }: RedriveRun,
  entries: readonly RunEntry[],
  ports: PacePorts,
): Promise<Pace> {
  const nowMs = ports.now();
  const [recent, load] = await Promise.all([recentFailures(queue, nowMs, ports), readLoad(queue, ports)]);
  const resolved = entries.filter(({ state }) => state === "resolved").length;
  return paceOf(options, { failures: inLastMinute(recent, nowMs), resolved, ...load });
}

/** The queue's newest failed attempts; right after midnight those of the day before too. */
async function recentFailures(queue: string, nowMs: number, { journal }: PacePorts): Promise<readonly JournalEntry[]> {
  const days = new Set([nowMs, nowMs - MINUTE_MS].map((atMs) => new Date(atMs).toISOString().slice(0, 10)));
  const pages = await Promise.all([...days].map((day) => journal.failures(queue, day, { limit: MOST_READ })));
  return pages.flatMap(({ entries }) => entries).slice(0, MOST_READ);
}

function inLastMinute(entries: readonly JournalEntry[], nowMs: number): number {
  const recent = entries.filter(({ failedAtMs }) => failedAtMs > nowMs - MINUTE_MS);
  if (recent.length < MOST_READ) return recent.length;
  const spanMs = Math.max(1_000, nowMs - Math.min(...recent.map(({ failedAtMs }) => failedAtMs)));
  return Math.round((recent.length * MINUTE_MS) / spanMs);
}

async function readLoad(queue: string, { queueLoad, log }: PacePorts): Promise<QueueLoad> {
  try {
    return (await queueLoad?.(queue)) ?? {};
  } catch (error) {
    log({ level: "warn", event: "load-unknown", queue, error: describeError(error) });
    return {};
  }
}
