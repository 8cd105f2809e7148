import type { Action, Service, World } from "../../kernel/service.ts";
import { confirmSubscription } from "./actions/confirm-subscription.ts";
import { createTopic } from "./actions/create-topic.ts";
import { deleteTopic } from "./actions/delete-topic.ts";
import { getSubscriptionAttributes } from "./actions/get-subscription-attributes.ts";
import { getTopicAttributes } from "./actions/get-topic-attributes.ts";
import { listSubscriptions, listSubscriptionsByTopic } from "./actions/list-subscriptions.ts";
import { listTagsForResource } from "./actions/list-tags-for-resource.ts";
import { listTopics } from "./actions/list-topics.ts";
import { publishAction } from "./actions/publish.ts";
import { publishBatch } from "./actions/publish-batch.ts";
import { reliqListOutbox } from "./actions/reliq-list-outbox.ts";
import { setSubscriptionAttributes } from "./actions/set-subscription-attributes.ts";
import { setTopicAttributes } from "./actions/set-topic-attributes.ts";
import { subscribeAction } from "./actions/subscribe.ts";
import { tagResource } from "./actions/tag-resource.ts";
import { unsubscribe } from "./actions/unsubscribe.ts";
import { untagResource } from "./actions/untag-resource.ts";
import { createDeliveries } from "./deliveries.ts";
import { QUERY_SHAPES } from "./query-shapes.ts";
import { subscriptionProvider } from "./resources/subscription.ts";
import { topicProvider } from "./resources/topic.ts";
import { SCHEMA } from "./schema.ts";
import type { Sns } from "./sns.ts";
import { createTopicMetrics } from "./topic-metrics.ts";

const SETTINGS_KEPT =
  "`Policy`, `SignatureVersion`, the throttle policy and the attributes of encryption, tracing and delivery status are kept and shown, without effect; no `ArchivePolicy`";
const DELIVERED =
  "to queues, functions, and HTTP endpoints on this machine; e-mails, text messages and requests to other hosts go to the outbox (`ReliqListOutbox`); messages are not signed";

const PARTLY: Readonly<Record<string, string>> = {
  CreateTopic: SETTINGS_KEPT,
  Publish: `${DELIVERED}; no mobile push`,
  PublishBatch: DELIVERED,
  SetSubscriptionAttributes:
    "no `ReplayPolicy` and no `SubscriptionRoleArn`; the throttle policy is kept, without effect",
  SetTopicAttributes: SETTINGS_KEPT,
  Subscribe:
    "no `firehose` and no `application`; what goes to the outbox is confirmed at once, and HTTP endpoints on this machine are asked",
};

/** Amazon SNS, standard and FIFO topics; on the JSON protocol too, which the region's own commands speak. */
export function snsService(world: World): Service {
  world.store.define(SCHEMA);
  const metrics = createTopicMetrics(world);
  const sns: Sns = { world, metrics, deliveries: createDeliveries(world, metrics) };
  return {
    name: "sns",
    actions: actionsOf(sns),
    partly: PARTLY,
    json: { targetPrefix: "AmazonSNS", version: "1.0", errorNamespace: "com.amazonaws.sns" },
    query: { namespace: "http://sns.amazonaws.com/doc/2010-03-31/", shapes: QUERY_SHAPES },
    resources: { "AWS::SNS::Subscription": subscriptionProvider(sns), "AWS::SNS::Topic": topicProvider(sns) },
    start: () => sns.deliveries.resume(),
    underWay: sns.deliveries.underWay,
    stop: () => sns.deliveries.stop(),
  };
}

function actionsOf(sns: Sns): Record<string, Action> {
  return {
    ConfirmSubscription: confirmSubscription(sns),
    CreateTopic: createTopic(sns),
    DeleteTopic: deleteTopic(sns),
    GetSubscriptionAttributes: getSubscriptionAttributes(sns),
    GetTopicAttributes: getTopicAttributes(sns),
    ListSubscriptions: listSubscriptions(sns),
    ListSubscriptionsByTopic: listSubscriptionsByTopic(sns),
    ListTagsForResource: listTagsForResource(sns),
    ListTopics: listTopics(sns),
    Publish: publishAction(sns),
    PublishBatch: publishBatch(sns),
    ReliqListOutbox: reliqListOutbox(sns),
    SetSubscriptionAttributes: setSubscriptionAttributes(sns),
    SetTopicAttributes: setTopicAttributes(sns),
    Subscribe: subscribeAction(sns),
    TagResource: tagResource(sns),
    Unsubscribe: unsubscribe(sns),
    UntagResource: untagResource(sns),
  };
}
