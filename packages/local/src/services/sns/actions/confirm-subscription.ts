import type { Action } from "../../../kernel/service.ts";
import { invalidParameter } from "../errors.ts";
import { requiredText } from "../input.ts";
import type { Sns } from "../sns.ts";
import { findSubscription, removeUnconfirmed } from "../subscription.ts";
import { requestedTopic } from "../topic.ts";

/** ConfirmSubscription: by the token that the endpoint was sent; a repeat answers the same. */
export function confirmSubscription({ world }: Sns): Action {
  return (input) =>
    world.store.transaction(() => {
      const topic = requestedTopic(world, input);
      removeUnconfirmed(world.store, world.clock.now());
      const subscription = findSubscription(world.store, "token", requiredText(input, "Token"));
      if (subscription?.topicName !== topic.name) throw invalidParameter("Token Reason: Invalid token");
      world.store.statement("UPDATE sns_subscription SET confirmed = 1 WHERE id = ?").run(subscription.id);
      return { SubscriptionArn: subscription.arn };
    });
}
