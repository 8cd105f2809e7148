import type { Store } from "../../kernel/store.ts";

/** The most messages of one receive (ReceiveMessage, MaxNumberOfMessages). */
export const MOST_RECEIVED = 10;

/** Notes that a FIFO group has messages: ready when its first one is visible. Nothing changes for a group that has some already. */
export function openGroup(store: Store, queueId: number, groupId: string, seq: number, readyAt: number): void {
  store
    .statement("INSERT INTO sqs_group (queueId, groupId, readyAt, headSeq) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING")
    .run(queueId, groupId, readyAt, seq);
}

/**
 * Works out when a group can next be received from, after one of its messages changed: never while a message of it is in
 * flight, and not before its first message is visible. A group that was just released goes behind those that wait already.
 */
export function refreshGroup(store: Store, queueId: number, groupId: string, nowMs: number): void {
  // What was received of a group is at its start, and is at most one receive's worth, as nothing more is given out meanwhile.
  const first = store
    .statement(
      "SELECT seq, visibleAt, receivedAt FROM sqs_message WHERE queueId = ? AND groupId = ? ORDER BY seq LIMIT ?",
    )
    .all(queueId, groupId, MOST_RECEIVED) as { seq: number; visibleAt: number; receivedAt: number | null }[];
  const head = first[0];
  if (!head) {
    store.statement("DELETE FROM sqs_group WHERE queueId = ? AND groupId = ?").run(queueId, groupId);
    return;
  }
  const held = first.filter((each) => each.receivedAt !== null).map((each) => each.visibleAt);
  store
    .statement("UPDATE sqs_group SET readyAt = ?, headSeq = ? WHERE queueId = ? AND groupId = ?")
    .run(Math.max(nowMs, head.visibleAt, ...held), head.seq, queueId, groupId);
}
