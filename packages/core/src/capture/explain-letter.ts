import { CATEGORY_TRAITS, type FailureCategory } from "../classify/category.ts";
import { type CauseFound, type CauseOfDeath, causeOfDeath, type FunctionReport } from "../classify/cause-of-death.ts";
import type { FailureReason, GroupedReason } from "../classify/failure-reason.ts";
import { fingerprint } from "../classify/fingerprint.ts";
import { describeError } from "../classify/thrown.ts";
import { personalNamesIn } from "../failure/personal-names-in.ts";
import type { JournalEntry } from "../journal/journal-entry.ts";
import { aboutMessage } from "../log/about-message.ts";
import { lineageOf, readEnvelope } from "../message/envelope.ts";
import type { RecoverPorts } from "../recover-ports.ts";
import { messageRedactor } from "../redact/message-redactor.ts";
import { redactReason } from "../redact/redact-reason.ts";
import type { DeadLetter, ExplainedLetter } from "./dead-letter.ts";

/** Finds why a dead letter died: in its journalled attempts, and in what the host reports of its last invocation. */
export async function explainLetter(letter: DeadLetter, ports: RecoverPorts): Promise<ExplainedLetter> {
  const { message, queue, maxReceiveCount, visibilitySeconds } = letter;
  const envelope = readEnvelope(message);
  const attempts = await findAttempts(queue, [message.messageId, envelope?.messageId], ports);
  const reports = attempts.at(-1)?.final ? [] : await findReports(letter, envelope?.messageId, ports);
  const { receiveCount } = message;
  const found = causeOfDeath({ attempts, reports, receiveCount, maxReceiveCount, visibilitySeconds });
  const { cause, evidence, inferred } = found;
  // A consumer redacts what it journals by the fields that it has declared; recovery may be told of others.
  const redact = messageRedactor(message, personalNamesIn(queue, ports));
  return {
    letter,
    lineage: lineageOf(message),
    sends: envelope?.sends ?? 0,
    heals: envelope?.heals ?? 0,
    attempts: attempts.map((attempt) => ({ ...attempt, reason: redactReason(attempt.reason, redact) })),
    cause,
    evidence: redact(evidence),
    inferred,
    reason: redactReason(inferred ? inferredReason(found, attempts, reports) : lastReason(attempts), redact),
  };
}

/** Under the id that it died with, or the one that it had on its queue, where a consumer sent it here itself. */
async function findAttempts(
  queue: string,
  ids: readonly (string | undefined)[],
  { journal }: RecoverPorts,
): Promise<readonly JournalEntry[]> {
  for (const id of new Set(ids)) {
    const found = id === undefined ? [] : await journal.attempts(queue, id);
    if (found.length > 0) return found;
  }
  return [];
}

/** Reports only add to what is known: without them a death is still captured. */
async function findReports(
  { message, queue }: DeadLetter,
  attemptedAs: string | undefined,
  { reports, log }: RecoverPorts,
): Promise<readonly FunctionReport[]> {
  const messageId = attemptedAs ?? message.messageId;
  try {
    return (await reports?.(messageId)) ?? [];
  } catch (error) {
    const about = { ...aboutMessage(message), queue, messageId };
    log({ level: "warn", event: "reports-unavailable", ...about, error: describeError(error) });
    return [];
  }
}

/** Both end the process; what is to be done about them differs. */
function kindOf(cause: CauseOfDeath, reports: readonly FunctionReport[]): InferredKind {
  const last = reports.toSorted((a, b) => a.startedAtMs - b.startedAtMs).at(-1);
  const isFull = cause === "crashed" && last?.outcome === "out-of-memory";
  return isFull ? { category: "processing", errorName: "OutOfMemory" } : KIND_BY_CAUSE[cause];
}

interface InferredKind {
  readonly category: FailureCategory;
  readonly errorName: string;
}

const KIND_BY_CAUSE: Readonly<Record<CauseOfDeath, InferredKind>> = {
  crashed: { category: "processing", errorName: "Crashed" },
  "skipped-behind-sibling": { category: "processing", errorName: "SkippedBehindSibling" },
  threw: { category: "unknown", errorName: "ReasonNotJournalled" },
  "throttled-never-ran": { category: "throttled", errorName: "ThrottledNeverRan" },
  "timed-out": { category: "timeout", errorName: "TimedOut" },
  unknown: { category: "unknown", errorName: "NoReasonKnown" },
  "visibility-expired": { category: "timeout", errorName: "VisibilityExpired" },
};

function lastReason(attempts: readonly JournalEntry[]): GroupedReason {
  const reason = attempts.at(-1)?.reason;
  return reason
    ? grouped(reason)
    : inferredReason({ cause: "unknown", evidence: "nothing is journalled" }, attempts, []);
}

/** A reason for a death that nobody wrote down; where nothing is known of its end, an attempt before it says what it can. */
function inferredReason(
  { cause, evidence }: Pick<CauseFound, "cause" | "evidence">,
  attempts: readonly JournalEntry[],
  reports: readonly FunctionReport[],
): GroupedReason {
  const earlier = attempts.at(-1)?.reason;
  if (cause === "unknown" && earlier) return grouped(earlier);
  const { category, errorName } = kindOf(cause, reports);
  return {
    category,
    errorName,
    message: evidence,
    stack: "",
    ...CATEGORY_TRAITS[category],
    fingerprint: fingerprint(errorName, "", ""),
  };
}

/** The problem behind a reason is worked out where it is read: most messages that fail once never die. */
function grouped(reason: FailureReason): GroupedReason {
  return { ...reason, fingerprint: fingerprint(reason.errorName, reason.message, reason.stack) };
}
