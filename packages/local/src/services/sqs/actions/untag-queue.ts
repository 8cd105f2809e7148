import type { Action } from "../../../kernel/service.ts";
import { texts } from "../input.ts";
import { requestedQueue, setTags, tagsOf } from "../queue.ts";
import type { Sqs } from "../sqs.ts";

/** UntagQueue: a key that the queue does not have is no error. */
export function untagQueue({ world }: Sqs): Action {
  return (input) =>
    world.store.transaction(() => {
      const queue = requestedQueue(world.store, input);
      const keys = texts(input, "TagKeys");
      const tags = Object.fromEntries(Object.entries(tagsOf(queue)).filter(([key]) => !keys.includes(key)));
      setTags(world.store, queue, tags);
      return {};
    });
}
