import { callPeer } from "../../kernel/call-peer.ts";
import type { Members, World } from "../../kernel/service.ts";
import { ServiceError } from "../../kernel/service-error.ts";
import type { Delivery } from "./deliveries.ts";
import { AWS_MANAGED, effectivePolicy, retryDelaySeconds } from "./delivery-policy.ts";
import { envelope, lambdaEvent, type Notification } from "./notification.ts";
import type { Subscription } from "./subscription.ts";
import { deadLetterArn, isRaw } from "./subscription-attributes.ts";
import { findTopic } from "./topic.ts";
import type { TopicMetrics } from "./topic-metrics.ts";
import { beginDelivery } from "./trace-delivery.ts";

/** How long an HTTP endpoint has to answer, ms (developer guide, "Message delivery retries": 15 seconds). */
const HTTP_TIMEOUT_MS = 15_000;

/** The most attributes of a message on a queue; a raw message with more fails (developer guide, "Raw message delivery"). */
const MOST_QUEUE_ATTRIBUTES = 10;

type Policy = ReturnType<typeof effectivePolicy>;

interface Failure {
  readonly reason: string;
  /** An error of the server may pass; one of the client, such as a queue that is gone, does not. */
  readonly mayPass: boolean;
}

/**
 * Tries a delivery once: returns when to try again, or undefined when it is over, because it has arrived or gone to the
 * subscription's dead-letter queue. @throws what holds up the region itself; the delivery is then as it was
 */
export async function tryDelivery(
  world: World,
  subscription: Subscription,
  { attempts, notification }: Delivery,
  signal: AbortSignal,
  metrics: TopicMetrics,
): Promise<number | undefined> {
  const topic = findTopic(world.store, subscription.topicName);
  const policy = effectivePolicy(topic?.attributes["DeliveryPolicy"], subscription.attributes["DeliveryPolicy"]);
  const hop = beginDelivery(world, subscription, notification.traceHeader, notification.publishedAt);
  const traced = { ...notification, traceHeader: hop.header };
  const failure = await send(world, subscription, traced, policy.contentType, signal);
  signal.throwIfAborted();
  hop.end(failure && { type: "DeliveryFailed", message: failure.reason });
  const counted = notification.type === "Notification";
  if (!failure) {
    if (counted) metrics.delivered(subscription.topicName);
    return undefined;
  }
  const retries = isHttp(subscription) ? policy.healthyRetryPolicy : AWS_MANAGED;
  const delaySeconds = failure.mayPass ? retryDelaySeconds(retries, attempts) : undefined;
  if (delaySeconds !== undefined) return world.clock.now() + delaySeconds * 1_000;
  await giveUp(world, subscription, notification, failure, signal);
  if (counted) metrics.failed(subscription.topicName);
  return undefined;
}

function isHttp({ protocol }: Subscription): boolean {
  return protocol === "http" || protocol === "https";
}

async function send(
  world: World,
  subscription: Subscription,
  notification: Notification,
  contentType: Policy["contentType"],
  signal: AbortSignal,
): Promise<Failure | undefined> {
  const { protocol, endpoint } = subscription;
  try {
    if (isHttp(subscription)) return await post(world, subscription, notification, contentType, signal);
    if (protocol === "lambda") {
      const Payload = JSON.stringify(lambdaEvent(world, subscription, notification));
      const input = { FunctionName: endpoint, InvocationType: "Event", Payload };
      await world.call("lambda", "Invoke", input, undefined, notification.traceHeader);
    } else await sendToQueue(world, endpoint, subscription, notification, isRaw(subscription), signal);
    return undefined;
  } catch (error) {
    return { reason: String(error), mayPass: !(error instanceof ServiceError) || error.status >= 500 };
  }
}

/** Client errors are not tried again, but for too many requests (developer guide, "Message delivery retries"). */
async function post(
  world: World,
  subscription: Subscription,
  notification: Notification,
  contentType: string,
  signal: AbortSignal,
): Promise<Failure | undefined> {
  const raw = isRaw(subscription) && notification.type === "Notification";
  const response = await fetch(subscription.endpoint, {
    method: "POST",
    redirect: "manual",
    signal: AbortSignal.any([signal, AbortSignal.timeout(HTTP_TIMEOUT_MS)]),
    headers: {
      "content-type": contentType,
      "user-agent": "Amazon Simple Notification Service Agent",
      "x-amz-sns-message-type": notification.type,
      "x-amz-sns-message-id": notification.messageId,
      "x-amz-sns-topic-arn": notification.topicArn,
      ...(notification.type === "Notification" && { "x-amz-sns-subscription-arn": subscription.arn }),
      ...(raw && { "x-amz-sns-rawdelivery": "true" }),
    },
    body: raw ? notification.message : JSON.stringify(envelope(world, subscription, notification)),
  });
  await response.body?.cancel();
  if (response.ok) return undefined;
  const { status } = response;
  return {
    reason: `${subscription.endpoint} answered ${status}`,
    mayPass: status === 429 || status < 400 || status >= 500,
  };
}

async function sendToQueue(
  world: World,
  queueArn: string,
  subscription: Subscription,
  notification: Notification,
  raw: boolean,
  signal: AbortSignal,
): Promise<void> {
  const { message, attributes = {}, groupId, deduplicationId, traceHeader } = notification;
  const [, , , region = "", , QueueName] = queueArn.split(":");
  const call = (action: string, input: Members): Promise<Members> =>
    region === world.region
      ? world.call("sqs", action, input, undefined, traceHeader)
      : callPeer(world, region, { target: `AmazonSQS.${action}`, input, traceHeader, signal });
  const { QueueUrl } = await call("GetQueueUrl", { QueueName });
  const input = {
    QueueUrl,
    MessageBody: raw ? message : JSON.stringify(envelope(world, subscription, notification)),
    ...(raw && { MessageAttributes: attributes }),
    ...(groupId !== undefined && { MessageGroupId: groupId }),
    ...(queueArn.endsWith(".fifo") && { MessageDeduplicationId: deduplicationId }),
  };
  await call("SendMessage", input);
}

/** Sends to the subscription's dead-letter queue; without one, or where it is gone, the message is lost, as on AWS, and that is reported. */
async function giveUp(
  world: World,
  subscription: Subscription,
  notification: Notification,
  { reason }: Failure,
  signal: AbortSignal,
): Promise<void> {
  const { arn, endpoint } = subscription;
  const deadLetters = notification.type === "Notification" ? deadLetterArn(subscription) : undefined;
  const lost = `A message of SNS (${notification.messageId}) could not be delivered to ${endpoint} (${arn}): ${reason}`;
  if (deadLetters === undefined) return world.report(`${lost}. It has no dead-letter queue.`);
  try {
    // A queue refuses more attributes than it takes; in an envelope, such a message is not lost.
    const attributes = Object.keys(notification.attributes ?? {}).length;
    await sendToQueue(
      world,
      deadLetters,
      subscription,
      notification,
      isRaw(subscription) && attributes <= MOST_QUEUE_ATTRIBUTES,
      signal,
    );
  } catch (error) {
    if (!(error instanceof ServiceError) || error.status >= 500) throw error;
    world.report(`${lost}. Nor could it be sent to ${deadLetters}: ${error.message}`);
  }
}
