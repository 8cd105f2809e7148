import type { JournalEntry } from "../journal/journal-entry.ts";
import type { DeferralCause } from "../message/outcome.ts";

/** How a message died: what became of its last receive. */
export type CauseOfDeath =
  | "crashed"
  /** FIFO, or several messages of one key: it was held back behind one that had not succeeded. */
  | "skipped-behind-sibling"
  | "threw"
  /** Nothing was tried on it: no concurrency, no time, or its handler's own wish. */
  | "throttled-never-ran"
  | "timed-out"
  | "unknown"
  /** Its handler was still at work when the message was received again, or dead-lettered. */
  | "visibility-expired";

/** How one invocation that had the message ended, as the function's host reports it. */
export interface FunctionReport {
  readonly outcome:
    | "crash"
    | "error"
    | "init-error"
    | "out-of-memory"
    | "running"
    | "success"
    | "throttled"
    | "timeout";
  /** Milliseconds since the Unix epoch. */
  readonly startedAtMs: number;
  /** Milliseconds since the Unix epoch, where it has ended and the host says when. */
  readonly endedAtMs?: number | undefined;
}

/** What is known of a dead message; the more, the surer its cause. */
export interface Death {
  /** Its journal entries, in the order of their receives. */
  readonly attempts: readonly JournalEntry[];
  /** Where the host keeps reports of the invocations that had the message. @default [] */
  readonly reports?: readonly FunctionReport[];
  /** How often it has been received (`ApproximateReceiveCount`); receives from the dead-letter queue may be among them. */
  readonly receiveCount?: number | undefined;
  /** How many receives its queue allowed. */
  readonly maxReceiveCount?: number | undefined;
  /** Since when, at the latest, it has been in the dead-letter queue, milliseconds since the Unix epoch. */
  readonly diedAtMs?: number | undefined;
  /** Its queue's visibility timeout, where nothing extends it. */
  readonly visibilitySeconds?: number | undefined;
}

/** A cause and what it was read from. */
export interface CauseFound {
  readonly cause: CauseOfDeath;
  /** One sentence for a person. */
  readonly evidence: string;
  /** False where the journal has its last receive; true where it is read from what the journal does not have and from the host's reports. */
  readonly inferred: boolean;
}

/** How much the clocks of two hosts may differ, milliseconds. */
const CLOCKS_MS = 1_000;

const CAUSE_BY_OUTCOME: Readonly<Record<FunctionReport["outcome"], CauseOfDeath>> = {
  crash: "crashed",
  error: "threw",
  "init-error": "crashed",
  "out-of-memory": "crashed",
  running: "unknown",
  success: "unknown",
  throttled: "throttled-never-ran",
  timeout: "timed-out",
};

const CAUSE_BY_DEFERRAL: Readonly<Record<DeferralCause, CauseOfDeath>> = {
  "behind-sibling": "skipped-behind-sibling",
  "claim-lost": "visibility-expired",
  handler: "throttled-never-ran",
  "in-progress": "skipped-behind-sibling",
  "journal-unavailable": "throttled-never-ran",
  "out-of-time": "throttled-never-ran",
  "quarantine-unavailable": "throttled-never-ran",
};

/** Finds how a message died: its last receive's journal entry says so, and a gap there is read from the host's reports; never throws. */
export function causeOfDeath(death: Death): CauseFound {
  const last = death.attempts.at(-1);
  return last && isOfLastReceive(last, death) ? readEntry(last, death) : readGap(last, death);
}

/** An entry says itself that it is final; one of a queue whose limit has since been lowered does not. */
function isOfLastReceive({ final, receiveCount }: JournalEntry, death: Death): boolean {
  return final || receiveCount >= (lastReceive(death) ?? Number.POSITIVE_INFINITY);
}

/** A dead-letter queue can start to count anew: then a small count says nothing. */
function lastReceive({ receiveCount, maxReceiveCount }: Death): number | undefined {
  if (maxReceiveCount === undefined || receiveCount === undefined) return receiveCount;
  return receiveCount >= maxReceiveCount ? maxReceiveCount : undefined;
}

function readEntry({ receiveCount, failedAtMs, reason, deferral }: JournalEntry, { diedAtMs }: Death): CauseFound {
  if (deferral !== undefined) {
    const evidence = `receive ${receiveCount} is journalled as deferred: ${reason.message}`;
    return { cause: CAUSE_BY_DEFERRAL[deferral], evidence, inferred: false };
  }
  const attempt = `attempt ${receiveCount} is journalled: ${reason.errorName}`;
  if (!isLate(failedAtMs, diedAtMs)) return { cause: "threw", evidence: attempt, inferred: false };
  const evidence = `${attempt}, when the message was dead-lettered already`;
  return { cause: "visibility-expired", evidence, inferred: false };
}

function readGap(last: JournalEntry | undefined, death: Death): CauseFound {
  const gap = wordGap(last, death);
  const reports = (death.reports ?? []).toSorted((a, b) => a.startedAtMs - b.startedAtMs);
  const report = reports.at(-1);
  const late = report ? wordLate(report, death) : undefined;
  const overtaken = late ?? wordOvertaken(last, reports);
  if (overtaken !== undefined) {
    return { cause: "visibility-expired", evidence: `${gap}; ${overtaken}`, inferred: true };
  }
  if (!report) return { cause: "unknown", evidence: gap, inferred: true };
  const how = report.outcome === "running" ? "has not ended" : `ended in: ${report.outcome}`;
  return { cause: CAUSE_BY_OUTCOME[report.outcome], evidence: `${gap}; its last invocation ${how}`, inferred: true };
}

function wordGap(last: JournalEntry | undefined, death: Death): string {
  const receive = lastReceive(death);
  if (receive !== undefined) return `receive ${receive} has no journal entry`;
  return last ? `no journal entry after attempt ${last.receiveCount}` : "no journal entry";
}

/** How an invocation outlasted the message's visibility, as far as is known; one that its host ended, or never began, did not. */
function wordLate(report: FunctionReport, { diedAtMs, visibilitySeconds }: Death): string | undefined {
  const { outcome, startedAtMs, endedAtMs } = report;
  if (outcome !== "error" && outcome !== "success") return undefined;
  if (isLate(endedAtMs, diedAtMs)) return "its last invocation ended when the message was dead-lettered already";
  const ranSeconds = ((endedAtMs ?? startedAtMs) - startedAtMs) / 1_000;
  return visibilitySeconds !== undefined && ranSeconds > visibilitySeconds
    ? `its last invocation took ${Math.round(ranSeconds)} s, longer than its visibility timeout`
    : undefined;
}

/** Which attempt before the last receive had not ended when that began; only where the last one itself has nothing to say. */
function wordOvertaken(last: JournalEntry | undefined, reports: readonly FunctionReport[]): string | undefined {
  const report = reports.at(-1);
  if (report && report.outcome !== "running" && report.outcome !== "success") return undefined;
  if (last?.deferral === "claim-lost") return `receive ${last.receiveCount} was overtaken by another`;
  const beganEarly =
    isLate(reports.at(-2)?.endedAtMs, report?.startedAtMs) || isLate(last?.failedAtMs, report?.startedAtMs);
  return beganEarly ? "its last invocation began when the one before it had not ended" : undefined;
}

function isLate(endedAtMs: number | undefined, overtakenAtMs: number | undefined): boolean {
  return endedAtMs !== undefined && overtakenAtMs !== undefined && endedAtMs > overtakenAtMs + CLOCKS_MS;
}
