import type { Action, Members, World } from "../../../kernel/service.ts";
import { missingParameter } from "../errors.ts";
import { integerWithin, requiredText } from "../input.ts";
import { expireMessages } from "../message.ts";
import { type Queue, requestedQueue } from "../queue.ts";
import { LONGEST_VISIBILITY_SECONDS } from "../queue-attributes.ts";
import { readReceipt } from "../receipt.ts";
import { changeVisibility } from "../settle.ts";
import type { Sqs } from "../sqs.ts";

/** ChangeMessageVisibility. */
export function changeMessageVisibility({ world, polls }: Sqs): Action {
  return async (input) => {
    const queue = await world.store.transaction(() => {
      const found = requestedQueue(world.store, input);
      expireMessages(world.store, found, world.clock.now());
      changeOne(world, found, input);
      return found;
    });
    polls.wake(queue.id);
    return {};
  };
}

/** Changes the visibility that a request or one entry of a batch names, in a transaction of the caller's. */
export function changeOne(world: World, queue: Queue, entry: Members): void {
  const receipt = readReceipt(queue, requiredText(entry, "ReceiptHandle"));
  const seconds = integerWithin(entry, "VisibilityTimeout", 0, LONGEST_VISIBILITY_SECONDS);
  if (seconds === undefined) throw missingParameter("VisibilityTimeout");
  changeVisibility(world.store, queue, receipt, seconds, world.clock.now());
}
