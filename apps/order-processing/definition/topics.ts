import { AlarmTopic } from "@reliq/cdk";
import type { Stack } from "aws-cdk-lib";
import { SubscriptionFilter, Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription, SmsSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import type { Configuration } from "../configuration.ts";
import { TOPICS, type TopicKey } from "../domain/announcements.ts";
import { named } from "../names.ts";

/** All topics of the system. */
export type Topics = Readonly<Record<TopicKey, Topic>>;

/** Defines the topics and who hears of them: the desk by e-mail, whoever is on call of what is critical by text message. */
export function defineTopics(stack: Stack, { deskEmail, onCallPhone, alarmEmail }: Configuration): Topics {
  const topics = Object.fromEntries(TOPICS.map((key) => [key, defineTopic(stack, key, alarmEmail)])) as Topics;
  const critical = { severity: SubscriptionFilter.stringFilter({ allowlist: ["critical"] }) };
  topics.order_status.addSubscription(new EmailSubscription(deskEmail));
  topics.payment_notifications.addSubscription(new EmailSubscription(deskEmail));
  topics.inventory_alerts.addSubscription(new EmailSubscription(deskEmail));
  for (const topic of [topics.order_status, topics.inventory_alerts]) {
    topic.addSubscription(new SmsSubscription(onCallPhone, { filterPolicy: critical }));
  }
  return topics;
}

function defineTopic(stack: Stack, key: TopicKey, email: string): Topic {
  const topicName = named(key.replaceAll("_", "-"));
  if (key === "system_health") return new AlarmTopic(stack, key, { topicName, email });
  return new Topic(stack, key, { topicName, enforceSSL: true });
}
