import type { World } from "../../kernel/service.ts";
import type { Store } from "../../kernel/store.ts";
import { MOST_RECEIVED, refreshGroup } from "./fifo-group.ts";
import { expireMessages, type MessageRow, moveMessage } from "./message.ts";
import { findQueue, type Queue, queueNameOfArn } from "./queue.ts";
import type { Quotas } from "./quotas.ts";
import { redrivePolicy } from "./redrive-policy.ts";

/** The most dead letters that one receive moves, so that one call stays short; the next one goes on. */
const MOST_MOVED = 1_000;

export interface Receive {
  /** 1 to 10. */
  readonly most: number;
  /** @default the queue's */
  readonly visibilitySeconds: number | undefined;
}

/** What taking messages needs. */
export interface Taking {
  readonly world: World;
  readonly quotas: Quotas;
}

export interface Taken {
  readonly messages: readonly MessageRow[];
  /** The dead-letter queue that got messages, for those who wait there. */
  readonly deadLetterQueueId?: number;
  /** True where nothing is given because too much is in flight. */
  readonly overLimit?: boolean;
}

/** Takes messages out of sight for one receiver, in a transaction of the caller's; those at the end of their receives move first. */
export function take(taking: Taking, queue: Queue, receive: Receive, nowMs: number): Taken {
  const { store } = taking.world;
  expireMessages(store, queue, nowMs);
  const most = Math.min(receive.most, taking.quotas.room(queue, nowMs));
  if (most <= 0) return { messages: [], overLimit: true };
  const { found, deadLetterQueueId } = findAlive(taking, queue, most, nowMs);
  taking.quotas.took(queue.id, found.length);
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

function findAlive(
  { world, quotas }: Taking,
  queue: Queue,
  most: number,
  nowMs: number,
): { found: MessageRow[]; deadLetterQueueId?: number } {
  const find = (): MessageRow[] =>
    queue.fifo ? findInGroups(world.store, quotas, queue, most, nowMs) : findVisible(world.store, queue, most, nowMs);
  const policy = redrivePolicy(queue);
  const target = policy && findQueue(world.store, queueNameOfArn(world, policy.deadLetterTargetArn) ?? "");
  // Without its dead-letter queue, a queue goes on giving the message: nothing is lost.
  if (!policy || !target) return { found: find() };
  for (let moved = 0; ; ) {
    const found = find();
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
function findInGroups(store: Store, quotas: Quotas, queue: Queue, most: number, nowMs: number): MessageRow[] {
  let groups = findGroups(store, queue, most, nowMs, quotas.windowEnd(queue, false));
  if (groups.length === 0) groups = findGroups(store, queue, most, nowMs, quotas.windowEnd(queue, true));
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

function findGroups(store: Store, queue: Queue, most: number, nowMs: number, endSeq: number): { groupId: string }[] {
  return store
    .statement(
      "SELECT groupId FROM sqs_group WHERE queueId = ? AND readyAt <= ? AND headSeq < ? ORDER BY readyAt, headSeq LIMIT ?",
    )
    .all(queue.id, nowMs, endSeq, most) as { groupId: string }[];
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
