/** What a queue's metrics say of one period. Each is approximate (SQS developer guide, "Available CloudWatch metrics for Amazon SQS"). */
export interface MeteredPeriod {
  /** Messages that were sent to it: moves by SQS itself are none. */
  readonly sent: number;
  /** Deletes that succeeded, also a second one of the same message; neither purges nor expiries. */
  readonly deleted: number;
  /** The most that were visible; undefined where nothing was reported. */
  readonly visible?: number;
  /** The most that were in flight or delayed. */
  readonly hidden: number;
}

/** What metrics say of queues between two moments of rest. */
export interface MeteredBalance {
  /** Milliseconds since the Unix epoch. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Sent to the queues, also what recovery sent again. */
  readonly sent: number;
  /** What left the queues and was not deleted: expired, purged, moved to another queue, or lost. Negative: messages that were deleted twice. */
  readonly missing: number;
}

/** Counts that come from metrics: since when, and what the last day's say by themselves, where queues were at rest twice in it. */
export interface Meters {
  /** Milliseconds since the Unix epoch: when the queues were made, or as far back as metrics go. */
  readonly sinceMs: number;
  readonly lately?: MeteredBalance;
}

/** What metrics make approximate in an account; the rest of it is the failure store's, and exact. Its `difference` is what expired or was purged, too. */
export const APPROXIMATE = [
  "accepted",
  "processed",
  "waiting",
  "inFlight",
  "deadLettered",
  "deletedByHand",
  "difference",
] as const;

/** How old metrics are before they are taken for whole, ms: those of a queue that nobody used before come up to 15 minutes late (SQS developer guide, "Monitoring Amazon SQS queues using CloudWatch"). */
export const SETTLED_MS = 900_000;

/** How many of so many sent messages may be missing without anybody's being told: metrics are approximate. */
const SENT_FOR_ONE_MISSING = 1_000;

/**
 * Balances queues with their dead-letter queue by their metrics, between the first and the last period in which nothing moved: there,
 * what is waiting is known well, and no message is counted on one side alone. Undefined where they were not at rest twice.
 * @param queues the same periods of each queue, oldest first, `periodMs` long
 */
export function balanceMeters(
  queues: readonly (readonly MeteredPeriod[])[],
  { fromMs, periodMs }: { readonly fromMs: number; readonly periodMs: number },
): MeteredBalance | undefined {
  const periods = queues[0]?.map((_, index) => queues.flatMap((queue) => queue[index] ?? [])) ?? [];
  const first = periods.findIndex(isAtRest);
  const last = periods.findLastIndex(isAtRest);
  if (first === last) return undefined;
  const between = periods.slice(first, last + 1).flat();
  const sent = sum(between.map((period) => period.sent));
  const deleted = sum(between.map((period) => period.deleted));
  const levelAt = (index: number): number => sum(queues.map((queue) => levelOf(queue, index)));
  return {
    fromMs: fromMs + first * periodMs,
    toMs: fromMs + (last + 1) * periodMs,
    sent,
    missing: sent - deleted - (levelAt(last) - levelAt(first)),
  };
}

/** What is missing by the ledger, or else by metrics, in words; undefined where nothing is. What the ledger has and nobody else is missing for certain. */
export function whatMetersMiss(byLedger: number, lately: MeteredBalance | undefined): string | undefined {
  if (byLedger > 0) return `${byLedger} missing by the ledger`;
  return lately && isShort(lately) ? `${lately.missing} missing by metrics` : undefined;
}

/** Whether so many are missing that it is not metrics' inexactness: more than one in a thousand. */
function isShort({ missing, sent }: MeteredBalance): boolean {
  return missing > Math.floor(sent / SENT_FOR_ONE_MISSING);
}

function isAtRest(queues: readonly MeteredPeriod[]): boolean {
  return queues.every(({ sent, deleted, hidden }) => sent + deleted + hidden === 0);
}

/** A queue that reports nothing is as it was: SQS reports no level of one that is empty and that nobody uses, and a report can be left out. */
function levelOf(queue: readonly MeteredPeriod[], index: number): number {
  return queue.slice(0, index + 1).findLast(({ visible }) => visible !== undefined)?.visible ?? 0;
}

function sum(counts: readonly number[]): number {
  return counts.reduce((before, each) => before + each, 0);
}
