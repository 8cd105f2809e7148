import { eachEntry, readEntries } from "../../../kernel/batch-entries.ts";
import type { Action } from "../../../kernel/service.ts";
import { batchError } from "../errors.ts";
import { expireMessages } from "../message.ts";
import { requestedQueue } from "../queue.ts";
import type { Sqs } from "../sqs.ts";
import { changeOne } from "./change-message-visibility.ts";

/** ChangeMessageVisibilityBatch: each entry succeeds or fails alone. */
export function changeMessageVisibilityBatch({ world, polls }: Sqs): Action {
  return async (input) => {
    const { queue, answer } = await world.store.transaction(() => {
      const queue = requestedQueue(world.store, input);
      const entries = readEntries(input, "Entries", batchError);
      expireMessages(world.store, queue, world.clock.now());
      const answer = eachEntry(entries, (entry) => {
        changeOne(world, queue, entry);
        return {};
      });
      return { queue, answer };
    });
    polls.wake(queue.id);
    return answer;
  };
}
