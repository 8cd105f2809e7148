import type { World } from "../../kernel/service.ts";
import { checkSubscriptionPolicy, effectivePolicy } from "./delivery-policy.ts";
import { invalidParameter, notServed } from "./errors.ts";
import { checkFilterPolicy, type FilterScope } from "./filter-policy.ts";
import { readJsonMap } from "./input.ts";
import type { Subscription } from "./subscription.ts";
import { type Topic, topicArn } from "./topic.ts";

const HTTP: readonly string[] = ["http", "https"];

/** What a subscription's attributes are checked against. */
interface Subject {
  readonly topic: Topic;
  readonly protocol: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** The attributes of a subscription after some are set; an empty text takes one away. @throws InvalidParameter */
export function withAttributes(subject: Subject, wanted: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries({ ...subject.attributes, ...wanted });
  const attributes = Object.fromEntries(
    entries.filter(([name, value]) => value !== "" && !(name === "FilterPolicy" && value === "{}")),
  );
  for (const [name, value] of Object.entries(wanted)) if (value !== "") checkAttribute(subject, name, value);
  const { FilterPolicy, FilterPolicyScope = "MessageAttributes" } = attributes;
  if (FilterPolicy !== undefined) checkFilterPolicy(FilterPolicy, FilterPolicyScope as FilterScope);
  return attributes;
}

function checkAttribute({ topic, protocol }: Subject, name: string, value: string): void {
  const refuse = (reason: string) => invalidParameter(`Attributes Reason: ${name}: ${reason}`);
  switch (name) {
    case "FilterPolicy":
      return;
    case "FilterPolicyScope":
      if (value !== "MessageAttributes" && value !== "MessageBody") throw refuse(`Invalid value [${value}]`);
      return;
    case "RawMessageDelivery":
      if (value !== "true" && value !== "false") throw refuse(`Invalid value [${value}]. Must be true or false.`);
      if (value === "true" && protocol !== "sqs" && !HTTP.includes(protocol))
        throw refuse(`Delivery protocol [${protocol}] does not support raw message delivery.`);
      return;
    case "DeliveryPolicy":
      if (!HTTP.includes(protocol)) throw refuse(`Delivery protocol [${protocol}] does not support a delivery policy.`);
      checkSubscriptionPolicy(value);
      return;
    case "RedrivePolicy":
      checkRedrivePolicy(topic, value);
      return;
    case "ReplayPolicy":
    case "SubscriptionRoleArn":
      throw notServed(name);
    default:
      throw invalidParameter(`AttributeName: ${name}`);
  }
}

/** Dead letters of FIFO topics go to FIFO queues, of standard topics to standard ones (developer guide, "Dead-letter queues"). */
function checkRedrivePolicy({ fifo }: Topic, text: string): void {
  const { deadLetterTargetArn: arn, ...others } = readJsonMap(text, "RedrivePolicy");
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw invalidParameter(`RedrivePolicy: unexpected JSON member: ${unknown}`);
  if (typeof arn !== "string" || !isQueueArn(arn))
    throw invalidParameter("RedrivePolicy: deadLetterTargetArn is an invalid arn");
  if (arn.endsWith(".fifo") !== fifo) {
    throw invalidParameter(
      `RedrivePolicy: must use a ${fifo ? "FIFO" : "standard"} queue as DLQ for a ${fifo ? "FIFO" : "standard"} topic`,
    );
  }
}

export function isQueueArn(arn: string): boolean {
  return /^arn:aws[\w-]*:sqs:[\w-]+:\d+:[\w-]+(\.fifo)?$/.test(arn);
}

/** The queue that gets what could not be delivered, or undefined. */
export function deadLetterArn({ attributes }: Subscription): string | undefined {
  const text = attributes["RedrivePolicy"];
  return text === undefined ? undefined : JSON.parse(text)["deadLetterTargetArn"];
}

export function isRaw({ attributes }: Subscription): boolean {
  return attributes["RawMessageDelivery"] === "true";
}

/** A subscription's attributes as GetSubscriptionAttributes shows them. */
export function shownAttributes(
  world: World,
  topic: Topic | undefined,
  subscription: Subscription,
): Record<string, string> {
  const { arn, topicName, protocol, endpoint, attributes, confirmed } = subscription;
  const { healthyRetryPolicy } = effectivePolicy(topic?.attributes["DeliveryPolicy"], attributes["DeliveryPolicy"]);
  return {
    ...(attributes["FilterPolicy"] !== undefined && { FilterPolicyScope: "MessageAttributes" }),
    RawMessageDelivery: "false",
    ...attributes,
    ...(HTTP.includes(protocol) && { EffectiveDeliveryPolicy: JSON.stringify({ healthyRetryPolicy }) }),
    SubscriptionArn: arn,
    TopicArn: topicArn(world, topicName),
    Owner: world.accountId,
    Protocol: protocol,
    Endpoint: endpoint,
    ConfirmationWasAuthenticated: String(confirmed),
    PendingConfirmation: String(!confirmed),
    SubscriptionPrincipal: `arn:aws:iam::${world.accountId}:root`,
  };
}
