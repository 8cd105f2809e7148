import { eachEntry, readEntries } from "../../../kernel/batch-entries.ts";
import type { Action } from "../../../kernel/service.ts";
import { batchError } from "../errors.ts";
import { requiredText } from "../input.ts";
import { expireMessages } from "../message.ts";
import { count, requestedQueue } from "../queue.ts";
import { readReceipt } from "../receipt.ts";
import { deleteReceived } from "../settle.ts";
import type { Sqs } from "../sqs.ts";

/** DeleteMessageBatch: each entry succeeds or fails alone. */
export function deleteMessageBatch({ world, polls, metrics }: Sqs): Action {
  return async (input) => {
    const { queue, deleted, answer } = await world.store.transaction(() => {
      const queue = requestedQueue(world.store, input);
      const entries = readEntries(input, "Entries", batchError);
      const nowMs = world.clock.now();
      expireMessages(world.store, queue, nowMs);
      let deleted = 0;
      const answer = eachEntry(entries, (entry) => {
        const receipt = readReceipt(queue, requiredText(entry, "ReceiptHandle"));
        deleted += deleteReceived(world.store, queue, receipt, nowMs);
        return {};
      });
      count(world.store, queue.id, "deleted", deleted);
      return { queue, deleted, answer };
    });
    metrics.deleted(queue, deleted);
    if (queue.fifo) polls.wake(queue.id);
    return answer;
  };
}
