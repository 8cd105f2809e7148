import type { Members, World } from "../../kernel/service.ts";
import type { Store } from "../../kernel/store.ts";
import { invalidParameter, notFound } from "./errors.ts";
import { requiredText } from "./input.ts";

export interface Topic {
  readonly name: string;
  readonly fifo: boolean;
  /** What has been set, as texts. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

export function topicArn({ region, accountId }: World, name: string): string {
  return `arn:aws:sns:${region}:${accountId}:${name}`;
}

/** The topic that a request names by its ARN. @throws InvalidParameter or NotFound */
export function requestedTopic(world: World, input: Members, member = "TopicArn"): Topic {
  const arn = requiredText(input, member);
  if (!/^arn:aws[\w-]*:sns:[\w-]+:\d+:[^:]+$/.test(arn))
    throw invalidParameter(`${member} Reason: An ARN must have at least 6 elements, not ${arn}`);
  const prefix = topicArn(world, "");
  const topic = arn.startsWith(prefix) ? findTopic(world.store, arn.slice(prefix.length)) : undefined;
  if (!topic) throw notFound("Topic");
  return topic;
}

export function findTopic(store: Store, name: string): Topic | undefined {
  const row = store.statement("SELECT * FROM sns_topic WHERE name = ?").get(name);
  return row && readTopic(row);
}

/** Up to `limit` topics by name, after one. */
export function topicsAfter(store: Store, name: string, limit: number): Topic[] {
  return store
    .statement("SELECT * FROM sns_topic WHERE name > ? ORDER BY name LIMIT ?")
    .all(name, limit)
    .map(readTopic);
}

function readTopic(row: Readonly<Record<string, unknown>>): Topic {
  const { name, fifo, attributes, tags } = row;
  return {
    name: String(name),
    fifo: fifo === 1,
    attributes: JSON.parse(String(attributes)),
    tags: JSON.parse(String(tags)),
  };
}

/** Writes a topic, in a transaction of the caller's. */
export function writeTopic(store: Store, { name, fifo, attributes, tags }: Topic): void {
  store
    .statement("INSERT INTO sns_topic VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET attributes = ?3, tags = ?4")
    .run(name, fifo ? 1 : 0, JSON.stringify(attributes), JSON.stringify(tags));
}

/** Removes a topic with its subscriptions and what they have not got (DeleteTopic), in a transaction of the caller's. */
export function removeTopic(store: Store, name: string): void {
  store
    .statement("DELETE FROM sns_delivery WHERE subscriptionId IN (SELECT id FROM sns_subscription WHERE topicName = ?)")
    .run(name);
  for (const table of ["sns_subscription", "sns_deduplication"])
    store.statement(`DELETE FROM ${table} WHERE topicName = ?`).run(name);
  store.statement("DELETE FROM sns_topic WHERE name = ?").run(name);
}
