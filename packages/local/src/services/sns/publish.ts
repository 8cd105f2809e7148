import { randomUUID } from "node:crypto";
import type { Members, World } from "../../kernel/service.ts";
import type { Store } from "../../kernel/store.ts";
import { addDelivery } from "./deliveries.ts";
import { fitsPolicy } from "./filter-match.ts";
import type { FilterScope } from "./filter-policy.ts";
import { envelope, type Notification } from "./notification.ts";
import { addToOutbox, isOutbound } from "./outbox.ts";
import type { Published } from "./published.ts";
import { type Subscription, subscriptionsBy } from "./subscription.ts";
import { type Topic, topicArn } from "./topic.ts";

/** How long a FIFO topic remembers a message, milliseconds (5 minutes; developer guide, "Message deduplication for FIFO topics"). */
const DEDUPLICATION_INTERVAL_MS = 300_000;

interface Accepted {
  readonly answer: Members;
  /** The subscriptions that have something to get. */
  readonly subscriptionIds: readonly number[];
  /** Those whose message is in the outbox. */
  readonly outbound: readonly Subscription[];
}

/** Accepts a message for those subscriptions whose filters it fits, in a transaction of the caller's; a repeat is for nobody. */
export function publish(world: World, topic: Topic, published: Published): Accepted {
  const nowMs = world.clock.now();
  const numbered = topic.fifo ? numberMessage(world.store, topic, published, nowMs) : { messageId: randomUUID() };
  const { messageId, sequenceNumber, repeated = false } = numbered;
  const answer = { MessageId: messageId, ...(sequenceNumber !== undefined && { SequenceNumber: sequenceNumber }) };
  const subscriptions = repeated ? [] : subscriptionsBy(world.store, "topicName", topic.name);
  const taking = subscriptions.filter((subscription) => {
    const notification = notificationFor(world, topic, published, subscription, numbered);
    if (!takes(subscription, notification)) return false;
    hand(world, topic, subscription, notification);
    return true;
  });
  const [outbound, delivered] = [taking.filter(isOutbound), taking.filter((each) => !isOutbound(each))];
  return { answer, subscriptionIds: delivered.map(({ id }) => id), outbound };
}

interface Numbered {
  readonly messageId: string;
  readonly sequenceNumber?: string;
  readonly repeated?: boolean;
}

/** Finds the earlier message of which this one is a repeat, or remembers this one. */
function numberMessage(store: Store, topic: Topic, { groupId, deduplicationId }: Published, nowMs: number): Numbered {
  // Group ids are never empty, so the empty text is the whole topic.
  const scope = topic.attributes["FifoThroughputScope"] === "MessageGroup" ? (groupId ?? "") : "";
  const key = [topic.name, scope, deduplicationId ?? ""];
  store.statement("DELETE FROM sns_deduplication WHERE endsAt <= ?").run(nowMs);
  const first = store
    .statement("SELECT seq, messageId FROM sns_deduplication WHERE topicName = ? AND scope = ? AND deduplicationId = ?")
    .get(...key);
  if (first) {
    return { messageId: String(first["messageId"]), sequenceNumber: sequenceNumber(first["seq"]), repeated: true };
  }
  const messageId = randomUUID();
  const { lastInsertRowid } = store
    .statement(
      "INSERT INTO sns_deduplication (topicName, scope, deduplicationId, messageId, endsAt) VALUES (?, ?, ?, ?, ?)",
    )
    .run(...key, messageId, nowMs + DEDUPLICATION_INTERVAL_MS);
  return { messageId, sequenceNumber: sequenceNumber(lastInsertRowid) };
}

/** 20 digits, as AWS gives them. */
function sequenceNumber(seq: unknown): string {
  return `1${String(seq).padStart(19, "0")}`;
}

function notificationFor(
  world: World,
  topic: Topic,
  { subject, attributes, textFor, groupId, deduplicationId, traceHeader }: Published,
  { protocol }: Subscription,
  { messageId, sequenceNumber }: Numbered,
): Notification {
  return {
    type: "Notification",
    messageId,
    topicArn: topicArn(world, topic.name),
    subject,
    message: textFor(protocol),
    attributes,
    publishedAt: world.clock.now(),
    groupId,
    deduplicationId,
    sequenceNumber,
    traceHeader,
  };
}

function takes({ confirmed, attributes }: Subscription, notification: Notification): boolean {
  const { FilterPolicy, FilterPolicyScope = "MessageAttributes" } = attributes;
  if (!confirmed || FilterPolicy === undefined) return confirmed;
  return fitsPolicy(JSON.parse(FilterPolicy), FilterPolicyScope as FilterScope, notification);
}

/** Keeps a message to be delivered; what would leave the machine is in the outbox at once. */
function hand(world: World, topic: Topic, subscription: Subscription, notification: Notification): void {
  const { protocol, endpoint, id } = subscription;
  if (!isOutbound(subscription)) {
    addDelivery(world, id, topic.fifo ? notification.groupId : undefined, notification);
    return;
  }
  const { message, subject, topicArn, messageId, publishedAt } = notification;
  const plain = protocol === "email" || protocol === "sms";
  const body = plain ? message : JSON.stringify(envelope(world, subscription, notification));
  addToOutbox(world.store, { kind: protocol, recipient: endpoint, subject, body, topicArn, messageId }, publishedAt);
}
