import type { ResourceProvider } from "../../../kernel/resource.ts";
import type { Members, World } from "../../../kernel/service.ts";
import { insertTopic } from "../actions/create-topic.ts";
import type { Sns } from "../sns.ts";
import { subscribe } from "../subscribe.ts";
import { removeSubscription, subscriptionsBy } from "../subscription.ts";
import { readTags } from "../tags.ts";
import { findTopic, removeTopic, type Topic, topicArn, writeTopic } from "../topic.ts";
import { withAttributes } from "../topic-attributes.ts";

const KEPT: Readonly<Record<string, string>> = {
  KmsMasterKeyId: "the local state is not encrypted",
  SignatureVersion: "messages are not signed",
  TracingConfig: "what comes in a sampled trace is traced in any case",
};

const AS_ATTRIBUTES: readonly string[] = [
  "ContentBasedDeduplication",
  "DisplayName",
  "FifoThroughputScope",
  ...Object.keys(KEPT),
];

/** `AWS::SNS::Topic`: an existing topic of the name gets the new attributes and keeps the subscriptions of others. */
export function topicProvider({ world, deliveries }: Sns): ResourceProvider {
  return {
    supported: [
      "ContentBasedDeduplication",
      "DisplayName",
      "FifoThroughputScope",
      "FifoTopic",
      "Subscription",
      "Tags",
      "TopicName",
    ],
    kept: { ...KEPT, DeliveryStatusLogging: "deliveries are not logged" },
    put: async ({ properties, name: physicalName }) => {
      const fifo = String(properties["FifoTopic"] ?? false) === "true";
      const given = String(properties["TopicName"] ?? physicalName);
      const name = fifo && !given.endsWith(".fifo") ? `${given}.fifo` : given;
      const woken = await world.store.transaction(() => {
        const topic = putTopic(world, name, fifo, properties);
        return putSubscriptions(world, topic, properties["Subscription"]);
      });
      deliveries.wake(woken);
      const arn = topicArn(world, name);
      return { ref: arn, attributes: { TopicArn: arn, TopicName: name } };
    },
    remove: ({ ref }) => world.store.transaction(() => removeTopic(world.store, ref.slice(ref.lastIndexOf(":") + 1))),
  };
}

function putTopic(world: World, name: string, fifo: boolean, properties: Members): Topic {
  const wanted: Record<string, string> = {};
  for (const property of AS_ATTRIBUTES)
    if ((properties[property] ?? undefined) !== undefined) wanted[property] = String(properties[property]);
  const tags = readTags(properties);
  const existing = findTopic(world.store, name);
  if (existing)
    writeTopic(world.store, { ...existing, attributes: withAttributes({ fifo, attributes: {} }, wanted), tags });
  else insertTopic(world, name, fifo, wanted, tags);
  return findTopic(world.store, name) as Topic;
}

/** Brings the topic to the subscriptions that its own resource lists, and returns them. */
function putSubscriptions(world: World, topic: Topic, listed: unknown): number[] {
  const owner = topicArn(world, topic.name);
  const wanted = (listed ?? []) as readonly { readonly Protocol: string; readonly Endpoint: string }[];
  const ids = wanted.map(({ Protocol, Endpoint }) => {
    return subscribe(world, topic, { protocol: Protocol, endpoint: Endpoint, attributes: {}, owner }).id;
  });
  for (const subscription of subscriptionsBy(world.store, "owner", owner)) {
    if (!ids.includes(subscription.id)) removeSubscription(world.store, subscription);
  }
  return ids;
}
