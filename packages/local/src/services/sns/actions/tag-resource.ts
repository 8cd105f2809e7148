import type { Action } from "../../../kernel/service.ts";
import type { Sns } from "../sns.ts";
import { checkTags, readTags } from "../tags.ts";
import { requestedTopic, writeTopic } from "../topic.ts";

/** TagResource: a tag of the same key is overwritten. */
export function tagResource({ world }: Sns): Action {
  return (input) =>
    world.store.transaction(() => {
      const topic = requestedTopic(world, input, "ResourceArn");
      writeTopic(world.store, { ...topic, tags: checkTags({ ...topic.tags, ...readTags(input) }) });
      return {};
    });
}
