import { callPeer } from "../../../kernel/call-peer.ts";
import type { Resource, ResourceProvider } from "../../../kernel/resource.ts";
import type { Members, World } from "../../../kernel/service.ts";
import { ServiceError } from "../../../kernel/service-error.ts";
import { requiredText } from "../input.ts";
import type { Sns } from "../sns.ts";
import { subscribe } from "../subscribe.ts";
import { findSubscription, removeSubscription, subscriptionsBy } from "../subscription.ts";
import { requestedTopic } from "../topic.ts";

const AS_ATTRIBUTES = ["DeliveryPolicy", "FilterPolicyScope", "FilterPolicy", "RawMessageDelivery", "RedrivePolicy"];

/** `AWS::SNS::Subscription`: one whose topic or endpoint has changed is another subscription, and takes the place of the one it was. */
export function subscriptionProvider({ world, deliveries }: Sns): ResourceProvider {
  return {
    supported: [...AS_ATTRIBUTES, "Endpoint", "Protocol", "Region", "TopicArn"],
    put: async ({ properties, name: owner }) => {
      if (isElsewhere(world, properties)) return await subscribeElsewhere(world, properties);
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
    remove: async ({ ref }) => {
      const region = regionOf(ref);
      if (region !== world.region) {
        return void (await callPeer(world, region, {
          target: "AmazonSNS.Unsubscribe",
          input: { SubscriptionArn: ref },
        }));
      }
      await world.store.transaction(() => {
        const subscription = findSubscription(world.store, "arn", ref);
        if (subscription) removeSubscription(world.store, subscription);
      });
    },
  };
}

/** A topic of another region is subscribed to there. */
function isElsewhere({ region }: World, properties: Members): boolean {
  return (properties["Region"] ?? region) !== region;
}

function regionOf(arn: string): string {
  return arn.split(":")[3] ?? "";
}

async function subscribeElsewhere(world: World, properties: Members): Promise<Resource> {
  const region = String(properties["Region"]);
  const ask = (action: string, input: Members): Promise<Members> =>
    callPeer(world, region, { target: `AmazonSNS.${action}`, input });
  const [TopicArn, Protocol, Endpoint] = ["TopicArn", "Protocol", "Endpoint"].map((name) =>
    requiredText(properties, name),
  );
  const wanted = { TopicArn, Protocol, Endpoint, ReturnSubscriptionArn: true };
  const Attributes = attributesOf(properties);
  const { SubscriptionArn } = await ask("Subscribe", { ...wanted, Attributes }).catch(async (error: unknown) => {
    if (!(error instanceof ServiceError) || !error.message.includes("already exists")) throw error;
    const existing = await ask("Subscribe", wanted);
    for (const [AttributeName, AttributeValue] of Object.entries(Attributes)) {
      await ask("SetSubscriptionAttributes", { ...existing, AttributeName, AttributeValue });
    }
    return existing;
  });
  return { ref: String(SubscriptionArn), attributes: { Arn: String(SubscriptionArn) } };
}

function attributesOf(properties: Members): Record<string, string> {
  const entries = AS_ATTRIBUTES.filter((name) => (properties[name] ?? undefined) !== undefined).map((name) => {
    const value = properties[name];
    return [name, typeof value === "object" ? JSON.stringify(value) : String(value)];
  });
  return Object.fromEntries(entries);
}
