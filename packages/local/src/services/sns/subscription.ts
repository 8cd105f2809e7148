import type { Members, World } from "../../kernel/service.ts";
import type { Store } from "../../kernel/store.ts";
import { invalidParameter, notFound } from "./errors.ts";
import { requiredText } from "./input.ts";
import { topicArn } from "./topic.ts";

export interface Subscription {
  readonly id: number;
  readonly arn: string;
  readonly topicName: string;
  readonly protocol: string;
  readonly endpoint: string;
  /** What has been set, as texts. */
  readonly attributes: Readonly<Record<string, string>>;
  /** What confirms it. */
  readonly token: string;
  readonly confirmed: boolean;
  readonly createdAt: number;
  /** The resource of a stack that made it. */
  readonly owner: string | null;
}

/** How long a subscription waits to be confirmed, milliseconds (2 days; developer guide, "Confirm the subscription"). */
const CONFIRMATION_MS = 172_800_000;

/** The subscription that a request names by its ARN. @throws InvalidParameter or NotFound */
export function requestedSubscription(store: Store, input: Members): Subscription {
  const arn = requiredText(input, "SubscriptionArn");
  if (arn.split(":").length !== 7)
    throw invalidParameter(`SubscriptionArn Reason: An ARN must have 7 elements, not ${arn}`);
  const found = findSubscription(store, "arn", arn);
  if (!found) throw notFound("Subscription");
  return found;
}

export function findSubscription(
  store: Store,
  by: "arn" | "id" | "token",
  value: string | number,
): Subscription | undefined {
  const row = store.statement(`SELECT * FROM sns_subscription WHERE ${by} = ?`).get(value);
  return row && readSubscription(row);
}

/** The subscription of an endpoint to a topic: there is at most one. */
export function endpointSubscription(
  store: Store,
  topicName: string,
  protocol: string,
  endpoint: string,
): Subscription | undefined {
  const row = store
    .statement("SELECT * FROM sns_subscription WHERE topicName = ? AND protocol = ? AND endpoint = ?")
    .get(topicName, protocol, endpoint);
  return row && readSubscription(row);
}

/** The subscriptions of a topic, or those that a resource made. */
export function subscriptionsBy(store: Store, by: "topicName" | "owner", value: string): Subscription[] {
  return store.statement(`SELECT * FROM sns_subscription WHERE ${by} = ? ORDER BY id`).all(value).map(readSubscription);
}

/** Up to `limit` subscriptions after one, of a topic or of all. */
export function subscriptionsAfter(store: Store, id: number, limit: number, topicName?: string): Subscription[] {
  const filter = topicName === undefined ? "? IS NULL" : "topicName = ?";
  return store
    .statement(`SELECT * FROM sns_subscription WHERE ${filter} AND id > ? ORDER BY id LIMIT ?`)
    .all(topicName ?? null, id, limit)
    .map(readSubscription);
}

function readSubscription(row: Readonly<Record<string, unknown>>): Subscription {
  const { attributes, confirmed, ...rest } = row;
  return {
    ...(rest as unknown as Subscription),
    attributes: JSON.parse(String(attributes)),
    confirmed: confirmed === 1,
  };
}

export function subscriptionCounts(store: Store, topicName: string): { confirmed: number; pending: number } {
  const row: unknown = store
    .statement(
      "SELECT ifnull(sum(confirmed), 0) AS confirmed, ifnull(sum(1 - confirmed), 0) AS pending FROM sns_subscription WHERE topicName = ?",
    )
    .get(topicName);
  return row as { confirmed: number; pending: number };
}

/** Removes a subscription with what it has not got, in a transaction of the caller's. */
export function removeSubscription(store: Store, { id }: Subscription): void {
  store.statement("DELETE FROM sns_delivery WHERE subscriptionId = ?").run(id);
  store.statement("DELETE FROM sns_subscription WHERE id = ?").run(id);
}

/** Sets a subscription's attributes, in a transaction of the caller's. */
export function setAttributes(store: Store, id: number, attributes: Readonly<Record<string, string>>): void {
  store.statement("UPDATE sns_subscription SET attributes = ? WHERE id = ?").run(JSON.stringify(attributes), id);
}

/** Removes the subscriptions that nobody has confirmed in time, in a transaction of the caller's. */
export function removeUnconfirmed(store: Store, nowMs: number): void {
  const rows = store
    .statement("SELECT * FROM sns_subscription WHERE confirmed = 0 AND createdAt <= ?")
    .all(nowMs - CONFIRMATION_MS);
  for (const row of rows) removeSubscription(store, readSubscription(row));
}

/** A subscription in a list. */
export function listedSubscription(
  world: World,
  { arn, topicName, protocol, endpoint, confirmed }: Subscription,
): Members {
  return {
    SubscriptionArn: confirmed ? arn : "PendingConfirmation",
    Owner: world.accountId,
    Protocol: protocol,
    Endpoint: endpoint,
    TopicArn: topicArn(world, topicName),
  };
}
