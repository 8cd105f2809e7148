import { randomBytes, randomUUID } from "node:crypto";
import type { World } from "../../kernel/service.ts";
import { addDelivery } from "./deliveries.ts";
import { invalidParameter, notServed } from "./errors.ts";
import { isOutbound } from "./outbox.ts";
import { endpointSubscription, findSubscription, type Subscription, setAttributes } from "./subscription.ts";
import { isQueueArn, withAttributes } from "./subscription-attributes.ts";
import { type Topic, topicArn } from "./topic.ts";

/** What somebody wants to get from a topic. */
export interface Wanted {
  readonly protocol: string;
  readonly endpoint: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** The resource of a stack that wants it; its attributes then take the place of those that were set. */
  readonly owner?: string;
}

/**
 * Subscribes an endpoint, in a transaction of the caller's; an endpoint that is subscribed already keeps its subscription. What listens
 * on this machine over HTTP is asked to confirm.
 * @throws InvalidParameter
 */
export function subscribe(world: World, topic: Topic, wanted: Wanted): Subscription {
  const { protocol, endpoint, owner } = wanted;
  checkEndpoint(topic, wanted);
  const existing = endpointSubscription(world.store, topic.name, protocol, endpoint);
  const attributes = withAttributes({ topic, protocol, attributes: {} }, wanted.attributes);
  if (existing && owner === undefined) requireSame(existing, attributes);
  const confirmed = existing?.confirmed ?? (isOutbound(wanted) || !protocol.startsWith("http"));
  if (existing) setAttributes(world.store, existing.id, attributes);
  const subscription = existing ?? insert(world, topic, wanted, attributes, confirmed);
  if (!confirmed) addDelivery(world, subscription.id, undefined, confirmation(world, topic));
  return subscription;
}

function requireSame(existing: Subscription, attributes: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (existing.attributes[name] !== value)
      throw invalidParameter("Attributes Reason: Subscription already exists with different attributes");
  }
}

function insert(
  world: World,
  topic: Topic,
  { protocol, endpoint, owner }: Wanted,
  attributes: Readonly<Record<string, string>>,
  confirmed: boolean,
): Subscription {
  const { lastInsertRowid } = world.store
    .statement(
      "INSERT INTO sns_subscription (arn, topicName, protocol, endpoint, attributes, token, confirmed, createdAt, owner) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .run(
      `${topicArn(world, topic.name)}:${randomUUID()}`,
      topic.name,
      protocol,
      endpoint,
      JSON.stringify(attributes),
      randomBytes(32).toString("hex"),
      confirmed ? 1 : 0,
      world.clock.now(),
      owner ?? null,
    );
  return findSubscription(world.store, "id", Number(lastInsertRowid)) as Subscription;
}

function confirmation(world: World, topic: Topic) {
  const arn = topicArn(world, topic.name);
  return {
    type: "SubscriptionConfirmation",
    messageId: randomUUID(),
    topicArn: arn,
    message: `You have chosen to subscribe to the topic ${arn}.\nTo confirm the subscription, visit the SubscribeURL included in this message.`,
    publishedAt: world.clock.now(),
  } as const;
}

/** Standard topics do not send to FIFO queues, nor FIFO topics to anything but queues (developer guide, "Message delivery for FIFO topics"). */
function checkEndpoint({ fifo }: Topic, { protocol, endpoint }: Wanted): void {
  const refuse = (reason: string) => invalidParameter(`Endpoint Reason: ${reason}`);
  if (protocol === "application" || protocol === "firehose") throw notServed(`the protocol ${protocol}`);
  if (fifo && protocol !== "sqs")
    throw invalidParameter(`Invalid protocol type: ${protocol}: FIFO topics send to SQS queues`);
  switch (protocol) {
    case "sqs":
      if (!isQueueArn(endpoint)) throw refuse("SQS endpoint ARN");
      if (!fifo && endpoint.endsWith(".fifo"))
        throw refuse("FIFO SQS Queues can not be subscribed to standard SNS topics");
      return;
    case "lambda":
      if (!/^arn:aws[\w-]*:lambda:[\w-]+:\d+:function:[\w-]+(:[\w$-]+)?$/.test(endpoint))
        throw refuse("Lambda function ARN");
      return;
    case "http":
    case "https":
      if (!endpoint.startsWith(`${protocol}://`) || !URL.canParse(endpoint))
        throw refuse("Endpoint must match the specified protocol");
      return;
    case "email":
    case "email-json":
      if (!/^[^\s@]+@[^\s@]+$/.test(endpoint)) throw refuse("Email address");
      return;
    case "sms":
      checkPhoneNumber(endpoint, "Endpoint");
      return;
    default:
      throw invalidParameter(`Amazon SNS does not support this protocol string: ${protocol}`);
  }
}

/** A phone number in E.164 form: `+15550100`. @throws InvalidParameter */
export function checkPhoneNumber(text: string, parameter: string): void {
  if (!/^\+?[1-9]\d{3,14}$/.test(text))
    throw invalidParameter(`${parameter} Reason: ${text} is not valid to publish to`);
}
