import type { Store } from "../../kernel/store.ts";
import { keepDeletedLetter } from "./ends.ts";
import { invalidValue, receiptHandleExpired } from "./errors.ts";
import { refreshGroup } from "./fifo-group.ts";
import type { Queue } from "./queue.ts";
import { LONGEST_VISIBILITY_SECONDS } from "./queue-attributes.ts";
import type { Receipt } from "./receipt.ts";

interface Received {
  readonly visibleAt: number;
  readonly receiveCount: number;
  readonly receivedAt: number;
  readonly groupId: string | null;
}

/**
 * Deletes a received message, in a transaction of the caller's, and gives how many were deleted: 1 or 0. A message that is gone already is no error, so a delete can be
 * repeated; on a standard queue a handle older than the last receive succeeds and deletes nothing (DeleteMessage).
 * @throws InvalidParameterValue on a FIFO queue for a handle that has expired
 */
export function deleteReceived(store: Store, queue: Queue, receipt: Receipt, nowMs: number): number {
  if (queue.fifo) {
    const found = findReceived(store, queue, receipt);
    if (!found) return 0;
    if (hasExpired(found, receipt, nowMs)) throw receiptHandleExpired(receipt.handle);
    keepDeletedLetter(store, receipt, queue.id, nowMs);
    store.statement("DELETE FROM sqs_message WHERE seq = ?").run(receipt.seq);
    refreshGroup(store, queue.id, found.groupId ?? "", nowMs);
    return 1;
  }
  keepDeletedLetter(store, receipt, queue.id, nowMs);
  const { changes } = store
    .statement("DELETE FROM sqs_message WHERE seq = ? AND queueId = ? AND receiveCount = ?")
    .run(receipt.seq, queue.id, receipt.receiveCount);
  return Number(changes);
}

/**
 * Sets how long a received message stays out of sight from now on, in a transaction of the caller's. On a standard queue a
 * handle that has expired changes nothing and is no error.
 * @throws InvalidParameterValue for a message that is gone, a total over 12 hours, or an expired handle on a FIFO queue
 */
export function changeVisibility(store: Store, queue: Queue, receipt: Receipt, seconds: number, nowMs: number): void {
  const found = findReceived(store, queue, receipt);
  if (!found) {
    throw invalidValue(
      receipt.handle,
      "ReceiptHandle",
      "Message does not exist or is not available for visibility timeout change.",
    );
  }
  if (hasExpired(found, receipt, nowMs)) {
    if (queue.fifo) throw receiptHandleExpired(receipt.handle);
    return;
  }
  const heldSeconds = Math.floor((nowMs - found.receivedAt) / 1_000);
  if (heldSeconds + seconds > LONGEST_VISIBILITY_SECONDS) {
    throw invalidValue(
      seconds,
      "VisibilityTimeout",
      `Total VisibilityTimeout for the message is beyond the limit [${LONGEST_VISIBILITY_SECONDS} seconds]`,
    );
  }
  store.statement("UPDATE sqs_message SET visibleAt = ? WHERE seq = ?").run(nowMs + seconds * 1_000, receipt.seq);
  if (queue.fifo) refreshGroup(store, queue.id, found.groupId ?? "", nowMs);
}

function findReceived(store: Store, queue: Queue, receipt: Receipt): Received | undefined {
  return store
    .statement("SELECT visibleAt, receiveCount, receivedAt, groupId FROM sqs_message WHERE seq = ? AND queueId = ?")
    .get(receipt.seq, queue.id) as Received | undefined;
}

function hasExpired(found: Received, receipt: Receipt, nowMs: number): boolean {
  return found.receiveCount !== receipt.receiveCount || found.visibleAt <= nowMs;
}
