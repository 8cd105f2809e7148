import type { Action } from "../../../kernel/service.ts";
import type { Sns } from "../sns.ts";
import { requestedSubscription } from "../subscription.ts";
import { shownAttributes } from "../subscription-attributes.ts";
import { findTopic } from "../topic.ts";

/** GetSubscriptionAttributes. */
export function getSubscriptionAttributes({ world }: Sns): Action {
  return (input) => {
    const subscription = requestedSubscription(world.store, input);
    return { Attributes: shownAttributes(world, findTopic(world.store, subscription.topicName), subscription) };
  };
}
