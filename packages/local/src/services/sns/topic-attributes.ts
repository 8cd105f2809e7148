import type { World } from "../../kernel/service.ts";
import { checkTopicPolicy, effectiveTopicPolicy } from "./delivery-policy.ts";
import { invalidParameter, notServed } from "./errors.ts";
import { subscriptionCounts } from "./subscription.ts";
import { type Topic, topicArn } from "./topic.ts";

/** What is kept and shown, without effect. */
const KEPT =
  /^(DisplayName|Policy|KmsMasterKeyId|SignatureVersion|TracingConfig|\w+Success(FeedbackRoleArn|FeedbackSampleRate)|\w+FailureFeedbackRoleArn)$/;

/** The longest display name, characters (SetTopicAttributes). */
const LONGEST_DISPLAY_NAME = 100;

/** The attributes of a topic after some are set; an empty text takes one away. @throws InvalidParameter */
export function withAttributes(
  { fifo, attributes }: Pick<Topic, "fifo" | "attributes">,
  wanted: Readonly<Record<string, string>>,
): Record<string, string> {
  for (const [name, value] of Object.entries(wanted)) checkAttribute(name, value, fifo);
  return Object.fromEntries(Object.entries({ ...attributes, ...wanted }).filter(([, value]) => value !== ""));
}

function checkAttribute(name: string, value: string, fifo: boolean): void {
  const refuse = (reason: string) => invalidParameter(`Attributes Reason: ${name}: ${reason}`);
  switch (name) {
    case "ContentBasedDeduplication":
      if (!fifo) throw refuse("Content-based deduplication can only be set for FIFO topics");
      if (value !== "true" && value !== "false") throw refuse("must be true or false");
      return;
    case "FifoThroughputScope":
      if (!fifo || (value !== "Topic" && value !== "MessageGroup"))
        throw refuse("Topic or MessageGroup, of FIFO topics");
      return;
    case "DeliveryPolicy":
      if (value !== "") checkTopicPolicy(value);
      return;
    case "ArchivePolicy":
      throw notServed("ArchivePolicy: messages are not archived");
    default:
      if (name === "DisplayName" && value.length > LONGEST_DISPLAY_NAME) throw refuse("at most 100 characters");
      if (!KEPT.test(name)) throw invalidParameter(`AttributeName: ${name}`);
  }
}

/** A topic's attributes as GetTopicAttributes shows them. */
export function shownAttributes(world: World, topic: Topic): Record<string, string> {
  const { confirmed, pending } = subscriptionCounts(world.store, topic.name);
  const { attributes, fifo } = topic;
  return {
    DisplayName: "",
    Policy: accessPolicy(world, topic),
    ...(fifo && { FifoTopic: "true", ContentBasedDeduplication: "false", FifoThroughputScope: "Topic" }),
    ...attributes,
    TopicArn: topicArn(world, topic.name),
    Owner: world.accountId,
    SubscriptionsConfirmed: String(confirmed),
    SubscriptionsPending: String(pending),
    SubscriptionsDeleted: "0",
    EffectiveDeliveryPolicy: JSON.stringify(effectiveTopicPolicy(attributes["DeliveryPolicy"])),
  };
}

/** The policy that a topic has where none is set: its owner may do all. */
function accessPolicy(world: World, { name }: Topic): string {
  const Statement = {
    Sid: "__default_statement_ID",
    Effect: "Allow",
    Principal: { AWS: "*" },
    Action: ["SNS:Publish", "SNS:Subscribe", "SNS:GetTopicAttributes", "SNS:SetTopicAttributes", "SNS:DeleteTopic"],
    Resource: topicArn(world, name),
    Condition: { StringEquals: { "AWS:SourceOwner": world.accountId } },
  };
  return JSON.stringify({ Version: "2008-10-17", Id: "__default_policy_ID", Statement: [Statement] });
}
