import type { Action } from "../../../kernel/service.ts";
import type { Sns } from "../sns.ts";
import { requestedTopic } from "../topic.ts";
import { shownAttributes } from "../topic-attributes.ts";

/** GetTopicAttributes. */
export function getTopicAttributes({ world }: Sns): Action {
  return (input) => ({ Attributes: shownAttributes(world, requestedTopic(world, input)) });
}
