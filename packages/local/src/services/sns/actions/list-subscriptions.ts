import type { Action, Members } from "../../../kernel/service.ts";
import { nextToken, PAGE_SIZE, readToken } from "../paging.ts";
import type { Sns } from "../sns.ts";
import { listedSubscription, removeUnconfirmed, subscriptionsAfter } from "../subscription.ts";
import { requestedTopic } from "../topic.ts";

/** ListSubscriptions, in the order in which they were made. */
export function listSubscriptions(sns: Sns): Action {
  return (input) => listPage(sns, input);
}

/** ListSubscriptionsByTopic, in the order in which they were made. */
export function listSubscriptionsByTopic(sns: Sns): Action {
  return (input) => listPage(sns, input, requestedTopic(sns.world, input).name);
}

function listPage({ world }: Sns, input: Members, topicName?: string): Promise<Members> {
  return world.store.transaction(() => {
    removeUnconfirmed(world.store, world.clock.now());
    const page = subscriptionsAfter(world.store, Number(readToken(input)), PAGE_SIZE, topicName);
    return {
      Subscriptions: page.map((subscription) => listedSubscription(world, subscription)),
      ...nextToken(page, page.at(-1)?.id),
    };
  });
}
