import type { Action } from "../../../kernel/service.ts";
import type { Sns } from "../sns.ts";
import { requestedTopic, writeTopic } from "../topic.ts";

/** UntagResource. */
export function untagResource({ world }: Sns): Action {
  return (input) =>
    world.store.transaction(() => {
      const topic = requestedTopic(world, input, "ResourceArn");
      const keys = (input["TagKeys"] ?? []) as readonly unknown[];
      const tags = Object.fromEntries(Object.entries(topic.tags).filter(([key]) => !keys.includes(key)));
      writeTopic(world.store, { ...topic, tags });
      return {};
    });
}
