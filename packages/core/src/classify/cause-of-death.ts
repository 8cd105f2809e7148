import type { JournalEntry } from "../journal/journal-entry.ts";

/** How a message died: the end of its last attempt. */
export type CauseOfDeath = "crashed" | "threw" | "throttled-never-ran" | "timed-out" | "unknown";

/** How one invocation that had the message ended, as the function's host reports it. */
export interface FunctionReport {
  readonly outcome: "crash" | "error" | "init-error" | "out-of-memory" | "success" | "throttled" | "timeout";
  /** Milliseconds since the Unix epoch. */
  readonly startedAtMs: number;
}

/** What is known of a dead message. */
export interface Death {
  /** Its journalled attempts, in order. */
  readonly attempts: readonly JournalEntry[];
  /** Where the host keeps reports; may be empty. */
  readonly reports: readonly FunctionReport[];
}

/** A cause and what it was read from. */
export interface CauseFound {
  readonly cause: CauseOfDeath;
  readonly evidence: string;
}

const CAUSE_BY_OUTCOME: Readonly<Record<FunctionReport["outcome"], CauseOfDeath>> = {
  crash: "crashed",
  error: "threw",
  "init-error": "crashed",
  "out-of-memory": "crashed",
  success: "unknown",
  throttled: "throttled-never-ran",
  timeout: "timed-out",
};

/** Finds how a message died: its final attempt's journal entry says so, and a gap there is read from the host's reports. */
export function causeOfDeath({ attempts, reports }: Death): CauseFound {
  const last = attempts.at(-1);
  if (last?.final) {
    return { cause: "threw", evidence: `attempt ${last.receiveCount} is journalled: ${last.reason.errorName}` };
  }
  const gap = `no journal entry after attempt ${last?.receiveCount ?? 0}`;
  const report = reports.toSorted((a, b) => a.startedAtMs - b.startedAtMs).at(-1);
  if (!report) return { cause: "unknown", evidence: gap };
  return {
    cause: CAUSE_BY_OUTCOME[report.outcome],
    evidence: `${gap}; its last invocation ended in: ${report.outcome}`,
  };
}
