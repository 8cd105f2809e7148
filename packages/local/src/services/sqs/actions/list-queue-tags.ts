import type { Action } from "../../../kernel/service.ts";
import { requestedQueue, tagsOf } from "../queue.ts";
import type { Sqs } from "../sqs.ts";

/** ListQueueTags. */
export function listQueueTags({ world }: Sqs): Action {
  return (input) => {
    const tags = tagsOf(requestedQueue(world.store, input));
    return Object.keys(tags).length > 0 ? { Tags: tags } : {};
  };
}
