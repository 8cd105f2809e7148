import type { Action } from "../../../kernel/service.ts";
import { optionalText, requiredText } from "../input.ts";
import type { Sns } from "../sns.ts";
import { requestedTopic, writeTopic } from "../topic.ts";
import { withAttributes } from "../topic-attributes.ts";

/** SetTopicAttributes: one at a time; without a value it goes back to its default. */
export function setTopicAttributes({ world }: Sns): Action {
  return (input) =>
    world.store.transaction(() => {
      const topic = requestedTopic(world, input);
      const wanted = { [requiredText(input, "AttributeName")]: optionalText(input, "AttributeValue") ?? "" };
      writeTopic(world.store, { ...topic, attributes: withAttributes(topic, wanted) });
      return {};
    });
}
