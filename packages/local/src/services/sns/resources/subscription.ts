import type { ResourceProvider } from "../../../kernel/resource.ts";
import type { Members } from "../../../kernel/service.ts";
import { requiredText } from "../input.ts";
import type { Sns } from "../sns.ts";
import { subscribe } from "../subscribe.ts";
import { findSubscription, removeSubscription, subscriptionsBy } from "../subscription.ts";
import { requestedTopic } from "../topic.ts";

const AS_ATTRIBUTES = ["DeliveryPolicy", "FilterPolicy", "FilterPolicyScope", "RawMessageDelivery", "RedrivePolicy"];

/** `AWS::SNS::Subscription`: one whose topic or endpoint has changed is another subscription, and takes the place of the one it was. */
export function subscriptionProvider({ world, deliveries }: Sns): ResourceProvider {
  return {
    supported: [...AS_ATTRIBUTES, "Endpoint", "Protocol", "TopicArn"],
    kept: { Region: "there is one region" },
    put: async ({ properties, name: owner }) => {
      const { id, arn } = await world.store.transaction(() => {
        const subscription = subscribe(world, requestedTopic(world, properties), {
          protocol: requiredText(properties, "Protocol"),
          endpoint: requiredText(properties, "Endpoint"),
          attributes: attributesOf(properties),
          owner,
        });
        for (const before of subscriptionsBy(world.store, "owner", owner)) {
          if (before.id !== subscription.id) removeSubscription(world.store, before);
        }
        return subscription;
      });
      deliveries.wake([id]);
      return { ref: arn, attributes: { Arn: arn } };
    },
    remove: ({ ref }) =>
      world.store.transaction(() => {
        const subscription = findSubscription(world.store, "arn", ref);
        if (subscription) removeSubscription(world.store, subscription);
      }),
  };
}

function attributesOf(properties: Members): Record<string, string> {
  const entries = AS_ATTRIBUTES.filter((name) => (properties[name] ?? undefined) !== undefined).map((name) => {
    const value = properties[name];
    return [name, typeof value === "object" ? JSON.stringify(value) : String(value)];
  });
  return Object.fromEntries(entries);
}
