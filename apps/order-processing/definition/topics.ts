import { AlarmTopic, ReliableQueue } from "@reliq/cdk";
import { Duration, type Stack, Validations } from "aws-cdk-lib";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import {
  type DeliveryPolicy,
  type ITopicSubscription,
  SubscriptionFilter,
  SubscriptionProtocol,
  Topic,
} from "aws-cdk-lib/aws-sns";
import {
  EmailSubscription,
  LambdaSubscription,
  SqsSubscription,
  type SubscriptionProps,
  UrlSubscription,
} from "aws-cdk-lib/aws-sns-subscriptions";
import { type IQueue, Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import type { Configuration } from "../configuration.ts";
import { TOPICS, type TopicKey } from "../domain/announcements.ts";
import { SUBSCRIPTIONS, type SubscriptionDescription, WEBHOOK_RETRIES } from "../domain/topics.ts";
import { named } from "../names.ts";

/** A topic, and where SNS puts what it could not deliver to a subscriber. */
interface WatchedTopic {
  readonly topic: Topic;
  readonly undelivered: Queue;
}

/** All topics of the system. */
export type Topics = Readonly<Record<TopicKey, WatchedTopic>>;

/** What topics send to, beside people and addresses. */
export interface Subscribers {
  readonly queues: Readonly<Record<"notifications" | "tracking", IQueue>>;
  readonly functions: Readonly<Record<"restock", IFunction>>;
}

/** Defines the topics; who hears of them is subscribed with `subscribeAll`. */
export function defineTopics(stack: Stack): Topics {
  return Object.fromEntries(TOPICS.map((key) => [key, defineTopic(stack, key)])) as Topics;
}

/** The queue that the shop's own tools are told by of each new status. */
export function defineTrackingQueue(stack: Stack): ReliableQueue {
  return new ReliableQueue(stack, "tracking", {
    queueName: named("tracking"),
    deadLetterQueueName: named("tracking-dlq"),
    visibilityTimeout: Duration.minutes(1),
    maxReceiveCount: 5,
  });
}

/** Subscribes who is described: each with its filter, and with the topic's queue for what cannot be delivered. */
export function subscribeAll(topics: Topics, configuration: Configuration, subscribers: Subscribers): void {
  for (const key of TOPICS) {
    const { topic, undelivered } = topics[key];
    for (const description of SUBSCRIPTIONS[key]) {
      const subscription = subscriptionOf(description, configuration, subscribers, undelivered);
      if (subscription) topic.addSubscription(subscription);
    }
  }
}

/** The name of a topic, the same in each region. */
export function topicName(key: TopicKey): string {
  return named(key.replaceAll("_", "-"));
}

/** The name of the queue of what a topic could not deliver. */
export function undeliveredName(key: TopicKey): string {
  return `${topicName(key)}-undelivered`;
}

/** The topic's own words for which messages a subscription gets. */
export function filterOf({ only = {} }: SubscriptionDescription): Pick<SubscriptionProps, "filterPolicy"> {
  const filters = Object.entries(only).map(([name, allowlist]) => {
    return [name, SubscriptionFilter.stringFilter({ allowlist: [...allowlist] })] as const;
  });
  return filters.length > 0 ? { filterPolicy: Object.fromEntries(filters) } : {};
}

function defineTopic(stack: Stack, key: TopicKey): WatchedTopic {
  const undelivered = new Queue(stack, `undelivered-${key}`, {
    queueName: undeliveredName(key),
    enforceSSL: true,
    encryption: QueueEncryption.SQS_MANAGED,
    retentionPeriod: Duration.days(14),
  });
  const reason = "It is where subscriptions put what they could not deliver; an alarm tells of it.";
  Validations.of(undelivered).acknowledge({ id: "AwsSolutions-SQS3", reason });
  const topic =
    key === "system_health"
      ? new AlarmTopic(stack, key, { topicName: topicName(key) })
      : new Topic(stack, key, { topicName: topicName(key), enforceSSL: true });
  return { topic, undelivered };
}

function subscriptionOf(
  description: SubscriptionDescription,
  configuration: Configuration,
  { queues, functions }: Subscribers,
  deadLetterQueue: Queue,
): ITopicSubscription | undefined {
  const options = { deadLetterQueue, ...filterOf(description) };
  switch (description.by) {
    case "email":
      return new EmailSubscription(configuration[description.who], options);
    case "sms":
      return textMessages(configuration[description.who], options);
    case "queue":
      return new SqsSubscription(queues[description.name], { ...options, rawMessageDelivery: true });
    case "function":
      return new LambdaSubscription(functions[description.name], options);
    case "https": {
      const url = configuration[description.who];
      return url === undefined ? undefined : new UrlSubscription(url, { ...options, deliveryPolicy: webhookRetries() });
    }
  }
}

/** As SmsSubscription of the CDK, which forgets the dead-letter queue. */
function textMessages(endpoint: string, options: SubscriptionProps): ITopicSubscription {
  return {
    bind: () => ({ subscriberId: endpoint, endpoint, protocol: SubscriptionProtocol.SMS, ...options }),
  };
}

function webhookRetries(): DeliveryPolicy {
  const { retries, leastDelay, mostDelay } = WEBHOOK_RETRIES;
  return {
    healthyRetryPolicy: {
      numRetries: retries,
      minDelayTarget: Duration.seconds(leastDelay),
      maxDelayTarget: Duration.seconds(mostDelay),
    },
  };
}
