import type { World } from "../../kernel/service.ts";
import type { Store } from "../../kernel/store.ts";
import { MOST_RECEIVED, refreshGroup } from "./fifo-group.ts";
import { expireMessages, type MessageRow, moveMessage } from "./message.ts";
import { findQueue, liveMessages, type Queue, queueNameOfArn } from "./queue.ts";
import { redrivePolicy } from "./redrive-policy.ts";

/** The most messages of a queue in flight, and the first messages that a FIFO queue looks at (SQS quotas). */
export const MOST_IN_FLIGHT = 120_000;

/** The most dead letters that one receive moves, so that one call stays short; the next one goes on. */
const MOST_MOVED = 1_000;

export interface Receive {
  /** 1 to 10. */
  readonly most: number;
  /** @default the queue's */
  readonly visibilitySeconds: number | undefined;
}

export interface Taken {
  readonly messages: readonly MessageRow[];
  /** The dead-letter queue that got messages, for those who wait there. */
  readonly deadLetterQueueId?: number;
  /** True where nothing is given because too much is in flight. */
  readonly overLimit?: boolean;
}

/** Takes messages out of sight for one receiver, in a transaction of the caller's; those at the end of their receives move first. */
export function take(world: World, queue: Queue, receive: Receive, nowMs: number): Taken {
  const { store } = world;
  expireMessages(store, queue, nowMs);
  const most = Math.min(receive.most, MOST_IN_FLIGHT - inFlight(store, queue, nowMs));
  if (most <= 0) return { messages: [], overLimit: true };
  const { found, deadLetterQueueId } = findAlive(world, queue, most, nowMs);
  const visibilitySeconds = receive.visibilitySeconds ?? Number(queue.attributes["VisibilityTimeout"]);
  const messages = found.map((row) => hide(store, row, nowMs + visibilitySeconds * 1_000, nowMs));
  if (queue.fifo) for (const groupId of groupsOf(messages)) refreshGroup(store, queue.id, groupId, nowMs);
  return deadLetterQueueId === undefined ? { messages } : { messages, deadLetterQueueId };
}

/** When a queue that gives nothing now can next give something, milliseconds; undefined where nothing is due. */
export function nextVisibleAt(store: Store, queue: Queue, nowMs: number): number | undefined {
  const { at } = store
    .statement(
      queue.fifo
        ? "SELECT min(readyAt) AS at FROM sqs_group WHERE queueId = ? AND readyAt > ?"
        : "SELECT min(visibleAt) AS at FROM sqs_message WHERE queueId = ? AND visibleAt > ?",
    )
    .get(queue.id, nowMs) as { at: number | null };
  return at ?? undefined;
}

/** Counts only where the queue holds enough to reach the limit. */
function inFlight(store: Store, queue: Queue, nowMs: number): number {
  if (liveMessages(queue) < MOST_IN_FLIGHT) return 0;
  const { messages } = store
    .statement(
      "SELECT count(*) AS messages FROM sqs_message WHERE queueId = ? AND visibleAt > ? AND receivedAt IS NOT NULL",
    )
    .get(queue.id, nowMs) as { messages: number };
  return messages;
}

function findAlive(
  world: World,
  queue: Queue,
  most: number,
  nowMs: number,
): { found: MessageRow[]; deadLetterQueueId?: number } {
  const find = queue.fifo ? findInGroups : findVisible;
  const policy = redrivePolicy(queue);
  const target = policy && findQueue(world.store, queueNameOfArn(world, policy.deadLetterTargetArn) ?? "");
  // Without its dead-letter queue, a queue goes on giving the message: nothing is lost.
  if (!policy || !target) return { found: find(world.store, queue, most, nowMs) };
  for (let moved = 0; ; ) {
    const found = find(world.store, queue, most, nowMs);
    const dead = found.filter((row) => row.receiveCount >= policy.maxReceiveCount);
    for (const row of dead) moveToDeadLetters(world.store, row, queue, target, nowMs);
    moved += dead.length;
    if (dead.length > 0 && moved < MOST_MOVED) continue;
    const alive = found.filter((row) => row.receiveCount < policy.maxReceiveCount);
    return moved > 0 ? { found: alive, deadLetterQueueId: target.id } : { found: alive };
  }
}

function findVisible(store: Store, queue: Queue, most: number, nowMs: number): MessageRow[] {
  return store
    .statement("SELECT * FROM sqs_message WHERE queueId = ? AND visibleAt <= ? ORDER BY visibleAt, seq LIMIT ?")
    .all(queue.id, nowMs, most) as unknown as MessageRow[];
}

/** Fills the batch from one ready group before it goes on to the next (developer guide, "FIFO queue delivery logic"). */
function findInGroups(store: Store, queue: Queue, most: number, nowMs: number): MessageRow[] {
  const groups = store
    .statement(
      "SELECT groupId FROM sqs_group WHERE queueId = ? AND readyAt <= ? AND headSeq < ? ORDER BY readyAt, headSeq LIMIT ?",
    )
    .all(queue.id, nowMs, endOfWindow(store, queue), most) as { groupId: string }[];
  const found: MessageRow[] = [];
  for (const { groupId } of groups) {
    if (found.length === most) break;
    const rows = store
      .statement("SELECT * FROM sqs_message WHERE queueId = ? AND groupId = ? ORDER BY seq LIMIT ?")
      .all(queue.id, groupId, Math.min(most - found.length, MOST_RECEIVED)) as unknown as MessageRow[];
    const hidden = rows.findIndex((row) => row.visibleAt > nowMs);
    found.push(...(hidden < 0 ? rows : rows.slice(0, hidden)));
  }
  return found;
}

/** A FIFO queue looks for groups among its first messages only, so one large group can starve the others. */
function endOfWindow(store: Store, queue: Queue): number {
  if (liveMessages(queue) <= MOST_IN_FLIGHT) return Number.MAX_SAFE_INTEGER;
  const row = store
    .statement(
      "SELECT seq FROM sqs_message INDEXED BY sqs_message_enqueued WHERE queueId = ? ORDER BY enqueuedAt, seq LIMIT 1 OFFSET ?",
    )
    .get(queue.id, MOST_IN_FLIGHT);
  return (row?.["seq"] as number | undefined) ?? Number.MAX_SAFE_INTEGER;
}

/** Id, body, attributes and receive count stay; retention goes on from the first send on standard queues and starts anew on FIFO. */
function moveToDeadLetters(store: Store, row: MessageRow, source: Queue, target: Queue, nowMs: number): void {
  moveMessage(store, row, source, target, {
    messageId: row.messageId,
    receiveCount: row.receiveCount,
    firstReceivedAt: row.firstReceivedAt,
    enqueuedAt: target.fifo ? nowMs : row.enqueuedAt,
    sentAt: row.sentAt,
    visibleAt: nowMs,
    deadLetterSource: source.name,
  });
}

function hide(store: Store, row: MessageRow, visibleAt: number, nowMs: number): MessageRow {
  const firstReceivedAt = row.firstReceivedAt ?? nowMs;
  const receiveCount = row.receiveCount + 1;
  store
    .statement(
      "UPDATE sqs_message SET visibleAt = ?, receiveCount = ?, receivedAt = ?, firstReceivedAt = ? WHERE seq = ?",
    )
    .run(visibleAt, receiveCount, nowMs, firstReceivedAt, row.seq);
  return { ...row, visibleAt, receiveCount, receivedAt: nowMs, firstReceivedAt };
}

function groupsOf(rows: readonly MessageRow[]): Set<string> {
  return new Set(rows.map((row) => row.groupId ?? ""));
}
