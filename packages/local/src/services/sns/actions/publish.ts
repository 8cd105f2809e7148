import { randomUUID } from "node:crypto";
import type { Action, Members } from "../../../kernel/service.ts";
import { invalidParameter } from "../errors.ts";
import { requiredText } from "../input.ts";
import { addToOutbox } from "../outbox.ts";
import { publish } from "../publish.ts";
import { publishedBytes, readPublished } from "../published.ts";
import type { Sns } from "../sns.ts";
import { checkPhoneNumber } from "../subscribe.ts";
import { requestedTopic } from "../topic.ts";
import { traceOutbound } from "../trace-delivery.ts";

const TARGETS = ["TopicArn", "TargetArn", "PhoneNumber"] as const;

/** Publish: to a topic, or straight to a phone, which puts the text into the outbox. */
export function publishAction(sns: Sns): Action {
  const { world, deliveries, metrics } = sns;
  return async (input, { traceHeader }) => {
    const [target, ...more] = TARGETS.filter((name) => input[name] !== undefined);
    if (!target || more.length > 0)
      throw invalidParameter("TopicArn or TargetArn or PhoneNumber Reason: exactly one of them is required");
    if (target === "PhoneNumber") return sendText(sns, input);
    const { answer, subscriptionIds, outbound, topicName } = await world.store.transaction(() => {
      const topic = requestedTopic(world, input, target);
      return { ...publish(world, topic, { ...readPublished(topic, input), traceHeader }), topicName: topic.name };
    });
    metrics.published(topicName, publishedBytes(input));
    deliveries.wake(subscriptionIds);
    traceOutbound(world, topicName, outbound, subscriptionIds.length > 0, traceHeader);
    return answer;
  };
}

async function sendText({ world }: Sns, input: Members): Promise<Members> {
  const recipient = requiredText(input, "PhoneNumber");
  checkPhoneNumber(recipient, "PhoneNumber");
  const { textFor } = readPublished({ fifo: false, attributes: {} }, input);
  const messageId = randomUUID();
  const text = { kind: "sms", recipient, body: textFor("sms"), messageId };
  await world.store.transaction(() => addToOutbox(world.store, text, world.clock.now()));
  return { MessageId: messageId };
}
