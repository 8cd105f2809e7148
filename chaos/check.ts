import { checkClaims } from "./check-claims.ts";
import { checkCounters } from "./check-counters.ts";
import { checkOrder } from "./check-order.ts";
import { checkQueues } from "./check-queues.ts";
import { checkTransactions } from "./check-transactions.ts";
import { checkWrites } from "./check-writes.ts";
import type { History, Operation, Violation } from "./history.ts";

/**
 * Every promise of the region that a history shows broken. The history has to end with everything received and deleted, and
 * with a read of every key.
 */
export function checkHistory(history: History): readonly Violation[] {
  return [
    ...checkRefusals(history),
    ...checkQueues(history),
    ...checkOrder(history),
    ...checkClaims(history),
    ...checkCounters(history),
    ...checkWrites(history),
    ...checkTransactions(history),
  ];
}

/** Whatever is refused has to have its reason in what the clients did. */
function checkRefusals({ operations, fifoQueues }: History): readonly Violation[] {
  return operations.flatMap((operation) => {
    if (!("outcome" in operation) || operation.outcome.kind !== "refused") return [];
    if (allowedRefusals(operation, fifoQueues).includes(operation.outcome.code)) return [];
    return [{ kind: "broken", evidence: `${JSON.stringify(operation)} was refused without a reason` }];
  });
}

function allowedRefusals(operation: Operation, fifoQueues: readonly string[]): readonly string[] {
  switch (operation.type) {
    case "claim":
      return ["ConditionalCheckFailedException", "PreconditionFailed"];
    case "delete":
      // A handle that has expired, in a batch and alone.
      return fifoQueues.includes(operation.queue) ? ["InvalidParameterValue", "InvalidParameterValueException"] : [];
    case "transaction":
      return operation.doomed ? ["TransactionCanceledException"] : [];
    default:
      return [];
  }
}
