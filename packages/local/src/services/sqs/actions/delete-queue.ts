import type { Action, World } from "../../../kernel/service.ts";
import { type Queue, requestedQueue } from "../queue.ts";
import type { Sqs } from "../sqs.ts";

/** DeleteQueue, with its messages. The name is free at once; those who wait there are told. */
export function deleteQueue({ world, polls }: Sqs): Action {
  return async (input) => {
    const queue = await world.store.transaction(() => {
      const found = requestedQueue(world.store, input);
      removeQueue(world, found);
      return found;
    });
    polls.wake(queue.id);
    return {};
  };
}

/** Removes a queue and all that is in it, in a transaction of the caller's. */
export function removeQueue({ store }: World, queue: Queue): void {
  for (const table of ["sqs_message", "sqs_group", "sqs_deduplication", "sqs_end"]) {
    store.statement(`DELETE FROM ${table} WHERE queueId = ?`).run(queue.id);
  }
  store.statement("DELETE FROM sqs_queue WHERE id = ?").run(queue.id);
}
