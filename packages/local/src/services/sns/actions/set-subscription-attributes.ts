import type { Action } from "../../../kernel/service.ts";
import { notFound } from "../errors.ts";
import { optionalText, requiredText } from "../input.ts";
import type { Sns } from "../sns.ts";
import { requestedSubscription, setAttributes } from "../subscription.ts";
import { withAttributes } from "../subscription-attributes.ts";
import { findTopic } from "../topic.ts";

/** SetSubscriptionAttributes: one at a time; without a value it goes back to its default. It holds for what is published from then on. */
export function setSubscriptionAttributes({ world }: Sns): Action {
  return (input) =>
    world.store.transaction(() => {
      const { id, topicName, protocol, attributes } = requestedSubscription(world.store, input);
      const topic = findTopic(world.store, topicName);
      if (!topic) throw notFound("Topic");
      const wanted = { [requiredText(input, "AttributeName")]: optionalText(input, "AttributeValue") ?? "" };
      setAttributes(world.store, id, withAttributes({ topic, protocol, attributes }, wanted));
      return {};
    });
}
