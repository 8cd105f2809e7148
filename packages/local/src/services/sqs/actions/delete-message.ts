import type { Action } from "../../../kernel/service.ts";
import { requiredText } from "../input.ts";
import { expireMessages } from "../message.ts";
import { count, requestedQueue } from "../queue.ts";
import { readReceipt } from "../receipt.ts";
import { deleteReceived } from "../settle.ts";
import type { Sqs } from "../sqs.ts";

/** DeleteMessage. */
export function deleteMessage({ world, polls }: Sqs): Action {
  return async (input) => {
    const queue = await world.store.transaction(() => {
      const found = requestedQueue(world.store, input);
      const nowMs = world.clock.now();
      expireMessages(world.store, found, nowMs);
      const receipt = readReceipt(found, requiredText(input, "ReceiptHandle"));
      count(world.store, found.id, "deleted", deleteReceived(world.store, found, receipt, nowMs));
      return found;
    });
    if (queue.fifo) polls.wake(queue.id);
    return {};
  };
}
