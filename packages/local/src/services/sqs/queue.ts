import { remembered } from "../../kernel/remembered.ts";
import type { Members, World } from "../../kernel/service.ts";
import type { Store } from "../../kernel/store.ts";
import { queueDoesNotExist } from "./errors.ts";
import { requiredText } from "./input.ts";

/** What became of a queue's messages: accepted + movedIn = live + deleted + purged + expired + movedOut. */
export interface History {
  readonly accepted: number;
  readonly deleted: number;
  readonly purged: number;
  readonly expired: number;
  readonly movedIn: number;
  readonly movedOut: number;
}

export interface Queue extends History {
  readonly id: number;
  readonly name: string;
  readonly fifo: boolean;
  /** Every attribute that can be set, defaults filled in, as texts. */
  readonly attributes: Readonly<Record<string, string>>;
  /** JSON, since few requests look at them. */
  readonly tags: string;
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly purgedAt: number;
}

type QueueRow = Omit<Queue, "fifo" | "attributes"> & { fifo: number; attributes: string };

/** The queue that a request names by `QueueUrl`. @throws QueueDoesNotExist */
export function requestedQueue(store: Store, input: Members): Queue {
  return existingQueue(store, queueNameOf(requiredText(input, "QueueUrl")));
}

/** @throws QueueDoesNotExist */
export function existingQueue(store: Store, name: string): Queue {
  const queue = findQueue(store, name);
  if (!queue) throw queueDoesNotExist();
  return queue;
}

export function findQueue(store: Store, name: string): Queue | undefined {
  return readQueue(store.statement("SELECT * FROM sqs_queue WHERE name = ?").get(name));
}

export function findQueueById(store: Store, id: number): Queue | undefined {
  return readQueue(store.statement("SELECT * FROM sqs_queue WHERE id = ?").get(id));
}

/** Every queue, by name. */
export function allQueues(store: Store): Queue[] {
  return store
    .statement("SELECT * FROM sqs_queue ORDER BY name")
    .all()
    .map((row) => readQueue(row) as Queue);
}

/** Each request looks its queue up: attributes are read once for each text. */
const attributesOf: (text: string) => Queue["attributes"] = remembered(1_000, (text) => JSON.parse(text));

function readQueue(found: unknown): Queue | undefined {
  const row = found as QueueRow | undefined;
  if (!row) return undefined;
  return { ...row, fifo: row.fifo === 1, attributes: attributesOf(row.attributes) };
}

/** A queue's tags, by key. */
export function tagsOf(queue: Queue): Record<string, string> {
  return JSON.parse(queue.tags);
}

/** Sets a queue's tags, in a transaction of the caller's. */
export function setTags(store: Store, queue: Queue, tags: Readonly<Record<string, string>>): void {
  store.statement("UPDATE sqs_queue SET tags = ? WHERE id = ?").run(JSON.stringify(tags), queue.id);
}

/** An attribute whose value is a number, such as `VisibilityTimeout` in seconds. */
export function numberAttribute(queue: Queue, name: string): number {
  return Number(queue.attributes[name]);
}

/** The name in a queue's URL: its last segment, since the region's port may differ between runs. */
export function queueNameOf(url: string): string {
  return url.slice(url.lastIndexOf("/") + 1);
}

export function queueUrl(world: World, name: string): string {
  return `${world.endpoint()}/${world.accountId}/${name}`;
}

export function queueArn(world: World, name: string): string {
  return `arn:aws:sqs:${world.region}:${world.accountId}:${name}`;
}

/** The queue name in an ARN of this region and account, or undefined. */
export function queueNameOfArn(world: World, arn: string): string | undefined {
  const prefix = queueArn(world, "");
  return arn.startsWith(prefix) ? arn.slice(prefix.length) : undefined;
}

/** Adds to one counter of a queue's history, in the transaction of the act itself. */
export function count(store: Store, queueId: number, counter: keyof History, messages: number): void {
  if (messages === 0) return;
  store.statement(`UPDATE sqs_queue SET ${counter} = ${counter} + ? WHERE id = ?`).run(messages, queueId);
}

/** The messages that a queue holds by its history; O(1), where counting rows is not. */
export function liveMessages(queue: Queue): number {
  return queue.accepted + queue.movedIn - queue.deleted - queue.purged - queue.expired - queue.movedOut;
}
