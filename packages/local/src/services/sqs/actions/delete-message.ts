import type { Action } from "../../../kernel/service.ts";
import { requiredText } from "../input.ts";
import { expireMessages } from "../message.ts";
import { count, requestedQueue } from "../queue.ts";
import { readReceipt } from "../receipt.ts";
import { deleteReceived } from "../settle.ts";
import type { Sqs } from "../sqs.ts";

/** DeleteMessage. */
export function deleteMessage({ world, polls, metrics }: Sqs): Action {
  return async (input) => {
    const { queue, deleted } = await world.store.transaction(() => {
      const found = requestedQueue(world.store, input);
      const nowMs = world.clock.now();
      expireMessages(world.store, found, nowMs);
      const receipt = readReceipt(found, requiredText(input, "ReceiptHandle"));
      const deleted = deleteReceived(world.store, found, receipt, nowMs);
      count(world.store, found.id, "deleted", deleted);
      return { queue: found, deleted };
    });
    metrics.deleted(queue, deleted);
    if (queue.fifo) polls.wake(queue.id);
    return {};
  };
}
