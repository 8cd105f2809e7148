import type { Action } from "../../../kernel/service.ts";
import { eachEntry, readEntries } from "../batch.ts";
import { requiredText } from "../input.ts";
import { expireMessages } from "../message.ts";
import { requestedQueue } from "../queue.ts";
import { readReceipt } from "../receipt.ts";
import { deleteReceived } from "../settle.ts";
import type { Sqs } from "../sqs.ts";

/** DeleteMessageBatch: each entry succeeds or fails alone. */
export function deleteMessageBatch({ world, polls }: Sqs): Action {
  return async (input) => {
    const { queue, answer } = await world.store.transaction(() => {
      const queue = requestedQueue(world.store, input);
      const entries = readEntries(input);
      const nowMs = world.clock.now();
      expireMessages(world.store, queue, nowMs);
      const answer = eachEntry(entries, (entry) => {
        deleteReceived(world.store, queue, readReceipt(queue, requiredText(entry, "ReceiptHandle")), nowMs);
        return {};
      });
      return { queue, answer };
    });
    if (queue.fifo) polls.wake(queue.id);
    return answer;
  };
}
