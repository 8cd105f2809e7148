import type { CancellationReason } from "@aws-sdk/client-dynamodb";

/** Why a transaction is cancelled that may succeed the next time (DynamoDB API reference, TransactWriteItems). */
const PASSING: ReadonlySet<string> = new Set([
  "ProvisionedThroughputExceeded",
  "ThrottlingError",
  "TransactionConflict",
]);

/** Whether a cancellation's code is one that may pass. */
export function isPassing(code: string): boolean {
  return PASSING.has(code);
}

/** Why each write of a cancelled transaction was refused; empty for any other error. */
export function readReasons(error: unknown): readonly CancellationReason[] {
  const reasons = (error as { CancellationReasons?: readonly CancellationReason[] } | null)?.CancellationReasons;
  return Array.isArray(reasons) ? reasons : [];
}

/** Whether a write is one of those that a transaction was cancelled for. */
export function isRefused({ Code = "None" }: CancellationReason): boolean {
  return Code !== "None";
}
