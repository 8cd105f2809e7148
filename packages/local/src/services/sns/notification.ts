import type { Members, World } from "../../kernel/service.ts";
import { type MessageAttributes, shownAttributes } from "./message-attributes.ts";
import type { Subscription } from "./subscription.ts";

/** What a subscription gets: a message, or the question whether it wants any. */
export interface Notification {
  readonly type: "Notification" | "SubscriptionConfirmation";
  readonly messageId: string;
  readonly topicArn: string;
  readonly subject?: string | undefined;
  readonly message: string;
  readonly attributes?: MessageAttributes | undefined;
  readonly publishedAt: number;
  readonly groupId?: string | undefined;
  readonly deduplicationId?: string | undefined;
  readonly sequenceNumber?: string | undefined;
  /** The X-Ray header that the publisher passed on. */
  readonly traceHeader?: string | undefined;
}

/** Stands where AWS's signature is: locally nothing is signed. It says so in base64. */
const NO_SIGNATURE = Buffer.from("the local region does not sign").toString("base64");

/** The JSON that wraps a message (developer guide, "Parsing message formats"). */
export function envelope(world: World, subscription: Subscription, notification: Notification): Members {
  const { type, messageId, topicArn, subject, message, attributes, sequenceNumber } = notification;
  const confirms = type === "SubscriptionConfirmation";
  const base = { TopicArn: topicArn, Token: subscription.token };
  return {
    Type: type,
    MessageId: messageId,
    ...(sequenceNumber !== undefined && { SequenceNumber: sequenceNumber }),
    ...(confirms && { Token: subscription.token }),
    TopicArn: topicArn,
    ...(subject !== undefined && { Subject: subject }),
    Message: message,
    ...(confirms && { SubscribeURL: actionUrl(world, "ConfirmSubscription", base) }),
    ...signed(world, notification),
    ...(!confirms && { UnsubscribeURL: unsubscribeUrl(world, subscription) }),
    ...(attributes && { MessageAttributes: shownAttributes(attributes) }),
  };
}

/** The event of a function (Lambda developer guide, "Using AWS Lambda with Amazon SNS"). */
export function lambdaEvent(world: World, subscription: Subscription, notification: Notification): Members {
  const { type, messageId, topicArn, subject, message, attributes } = notification;
  const { SigningCertURL, ...signature } = signed(world, notification);
  const Sns = {
    Type: type,
    MessageId: messageId,
    TopicArn: topicArn,
    Subject: subject ?? null,
    Message: message,
    ...signature,
    SigningCertUrl: SigningCertURL,
    UnsubscribeUrl: unsubscribeUrl(world, subscription),
    MessageAttributes: shownAttributes(attributes ?? {}),
  };
  return {
    Records: [{ EventSource: "aws:sns", EventVersion: "1.0", EventSubscriptionArn: subscription.arn, Sns }],
  };
}

function signed(world: World, { publishedAt }: Notification): Members {
  return {
    Timestamp: new Date(publishedAt).toISOString(),
    SignatureVersion: "1",
    Signature: NO_SIGNATURE,
    SigningCertURL: `${world.endpoint()}/SimpleNotificationService.pem`,
  };
}

function unsubscribeUrl(world: World, { arn }: Subscription): string {
  return actionUrl(world, "Unsubscribe", { SubscriptionArn: arn });
}

function actionUrl(world: World, action: string, parameters: Readonly<Record<string, string>>): string {
  return `${world.endpoint()}/?${new URLSearchParams({ Action: action, ...parameters })}`;
}
