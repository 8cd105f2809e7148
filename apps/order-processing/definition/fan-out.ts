import type { ReliableQueue } from "@reliq/cdk";
import type { Stack } from "aws-cdk-lib";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Topic } from "aws-cdk-lib/aws-sns";
import { SqsSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import { Queue } from "aws-cdk-lib/aws-sqs";
import { TOPICS } from "../domain/announcements.ts";
import { SUBSCRIPTIONS } from "../domain/topics.ts";
import { named } from "../names.ts";
import type { OtherRegion } from "./other-region.ts";
import { filterOf, type Subscribers, type Topics, topicName, undeliveredName } from "./topics.ts";

/** The queues that can hear of topics of both regions. */
type FanOutQueues = Readonly<Record<keyof Subscribers["queues"], ReliableQueue>>;

/**
 * Has each region's topics tell the other's queues, too, where it is described so: both ways are subscribed by the second region's stack, since by then all topics and queues are
 * there; the first lets the second's topics send to its queues. What cannot be delivered goes to the queue beside the topic, as SNS wants it.
 */
export function fanOut(stack: Stack, other: OtherRegion, topics: Topics, queues: FanOutQueues): void {
  const there = (service: "sns" | "sqs", resource: string): string =>
    stack.formatArn({ service, resource, region: other.name });
  for (const key of TOPICS) {
    for (const description of SUBSCRIPTIONS[key]) {
      if (description.by !== "queue" || !description.everywhere) continue;
      const { queue } = queues[description.name];
      const topicThere = there("sns", topicName(key));
      if (!other.replicated) {
        queue.addToResourcePolicy(letSend(topicThere, queue.queueArn));
        continue;
      }
      const options = { rawMessageDelivery: true, ...filterOf(description) };
      const queueThere = Queue.fromQueueArn(
        stack,
        `${key}-to-${description.name}`,
        there("sqs", named(description.name)),
      );
      const undelivered = Queue.fromQueueArn(stack, `${key}-undelivered-there`, there("sqs", undeliveredName(key)));
      topics[key].topic.addSubscription(
        new SqsSubscription(queueThere, { ...options, deadLetterQueue: topics[key].undelivered }),
      );
      Topic.fromTopicArn(stack, `${key}-there`, topicThere).addSubscription(
        new SqsSubscription(queue, { ...options, deadLetterQueue: undelivered }),
      );
    }
  }
}

function letSend(topicArn: string, queueArn: string): PolicyStatement {
  return new PolicyStatement({
    principals: [new ServicePrincipal("sns.amazonaws.com")],
    actions: ["sqs:SendMessage"],
    resources: [queueArn],
    conditions: { ArnEquals: { "aws:SourceArn": topicArn } },
  });
}
