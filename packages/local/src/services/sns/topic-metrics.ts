import type { World } from "../../kernel/service.ts";
import type { MetricCounter, ServiceMetric } from "../../kernel/service-metrics.ts";

/** Counts what CloudWatch shows of topics (SNS developer guide, "Monitoring Amazon SNS topics using CloudWatch"). */
export interface TopicMetrics {
  published(topicName: string, bytes: number): void;
  /** A message has arrived at a subscription. */
  delivered(topicName: string): void;
  /** A message for a subscription is given up. */
  failed(topicName: string): void;
}

export function createTopicMetrics({ metrics }: World): TopicMetrics {
  const known = new Map<string, MetricCounter>();
  const counter = (name: string, TopicName: string, unit: ServiceMetric["unit"] = "Count"): MetricCounter => {
    const key = `${name} ${TopicName}`;
    const found = known.get(key) ?? metrics.counter({ namespace: "AWS/SNS", name, unit, dimensions: { TopicName } });
    known.set(key, found);
    return found;
  };
  return {
    published: (topicName, bytes) => {
      counter("NumberOfMessagesPublished", topicName).add(1);
      counter("PublishSize", topicName, "Bytes").add(bytes);
    },
    delivered: (topicName) => counter("NumberOfNotificationsDelivered", topicName).add(1),
    failed: (topicName) => counter("NumberOfNotificationsFailed", topicName).add(1),
  };
}
