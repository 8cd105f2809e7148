import type { Action } from "../../../kernel/service.ts";
import { requiredText, textMap } from "../input.ts";
import type { Sns } from "../sns.ts";
import { subscribe } from "../subscribe.ts";
import { removeUnconfirmed } from "../subscription.ts";
import { requestedTopic } from "../topic.ts";

/** Subscribe: a repeat with the same attributes answers the same subscription, and asks again for a confirmation that is missing. */
export function subscribeAction({ world, deliveries }: Sns): Action {
  return async (input) => {
    const { id, arn, confirmed } = await world.store.transaction(() => {
      removeUnconfirmed(world.store, world.clock.now());
      return subscribe(world, requestedTopic(world, input), {
        protocol: requiredText(input, "Protocol"),
        endpoint: requiredText(input, "Endpoint"),
        attributes: textMap(input, "Attributes"),
      });
    });
    deliveries.wake([id]);
    return { SubscriptionArn: confirmed || input["ReturnSubscriptionArn"] === true ? arn : "pending confirmation" };
  };
}
