import type { Action } from "../../../kernel/service.ts";
import { invalidParameter, missingParameter } from "../errors.ts";
import { textMap } from "../input.ts";
import { requestedQueue, setTags, tagsOf } from "../queue.ts";
import type { Sqs } from "../sqs.ts";

/** The most tags of a queue (SQS quotas, "Queue tags"). */
const MOST_TAGS = 50;

/** TagQueue: a tag of the same key is overwritten. */
export function tagQueue({ world }: Sqs): Action {
  return (input) =>
    world.store.transaction(() => {
      const queue = requestedQueue(world.store, input);
      if (input["Tags"] === undefined) throw missingParameter("Tags");
      const tags = { ...tagsOf(queue), ...textMap(input, "Tags") };
      const number = Object.keys(tags).length;
      if (number > MOST_TAGS)
        throw invalidParameter(`Too many tags added for queue ${queue.name}: ${number}, at most ${MOST_TAGS}.`);
      setTags(world.store, queue, tags);
      return {};
    });
}
