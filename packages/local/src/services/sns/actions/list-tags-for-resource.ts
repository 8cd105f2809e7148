import type { Action } from "../../../kernel/service.ts";
import type { Sns } from "../sns.ts";
import { requestedTopic } from "../topic.ts";

/** ListTagsForResource. */
export function listTagsForResource({ world }: Sns): Action {
  return (input) => {
    const { tags } = requestedTopic(world, input, "ResourceArn");
    return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
  };
}
