import type { World } from "../../../kernel/service.ts";
import type { Store } from "../../../kernel/store.ts";
import type { Outcome } from "../../../runtime/outcome.ts";

/** How long a failed invocation is kept, ms: as long as a message can live (SQS's longest retention). */
const FAILURES_KEPT_MS = 14 * 86_400_000;

/** How long an invocation that failed no message is kept, ms: it explains no death. */
const SUCCESSES_KEPT_MS = 3_600_000;

export type RecordedOutcome = Outcome["kind"] | "throttled";

/** What is kept of an invocation: evidence for why a message died. */
export interface InvocationRow {
  readonly id: number;
  readonly requestId: string;
  readonly functionName: string;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly outcome: RecordedOutcome | null;
  readonly error: string | null;
  readonly logStream: string | null;
  readonly messageIds: string | null;
}

/** Notes an invocation before it runs, and returns the note's number. `messageIds` are those of its batch. */
export function noteStart(
  world: World,
  requestId: string,
  functionName: string,
  messageIds: readonly string[],
): Promise<number> {
  return world.store.transaction(() => insert(world.store, requestId, functionName, world.clock.now(), messageIds));
}

/** Notes how an invocation ended, and which messages of its batch it failed. */
export function noteEnd(
  world: World,
  id: number,
  outcome: RecordedOutcome,
  error: string | undefined,
  logStream: string,
  failedMessageIds: readonly string[],
): Promise<void> {
  return world.store.transaction(() => {
    close(world.store, id, world.clock.now(), outcome, error, logStream, failedMessageIds);
  });
}

/** Notes a batch that was given up without its function ever having run: no concurrency was left for it. */
export function noteThrottled(
  world: World,
  requestId: string,
  functionName: string,
  startedAt: number,
  messageIds: readonly string[],
): Promise<void> {
  return world.store.transaction(() => {
    const id = insert(world.store, requestId, functionName, startedAt, messageIds);
    close(world.store, id, world.clock.now(), "throttled", "Rate Exceeded.", null, messageIds);
  });
}

/** Notes messages that were visible again before their invocation had ended, whatever it said of them. */
export function noteOutlived(
  { store }: World,
  requestId: string,
  receivedAt: number,
  messageIds: readonly string[],
): Promise<void> {
  return store.transaction(() => {
    for (const messageId of messageIds) {
      store
        .statement(
          `INSERT OR IGNORE INTO lambda_failed_message (messageId, invocationId)
           SELECT ?, id FROM lambda_invocation WHERE startedAt >= ? AND requestId = ?`,
        )
        .run(messageId, receivedAt, requestId);
    }
  });
}

/** Ends the notes of invocations that were under way when the region died: their processes died with it. */
export function closeInterrupted(world: World): Promise<void> {
  return world.store.transaction(() => {
    const rows = world.store.statement("SELECT * FROM lambda_invocation WHERE outcome IS NULL").all();
    for (const row of rows as unknown as InvocationRow[]) {
      const { id, messageIds } = row;
      close(world.store, id, world.clock.now(), "crash", "The region stopped.", null, JSON.parse(messageIds ?? "[]"));
    }
  });
}

/** Removes notes that are past their age. */
export function removeOldInvocations({ store, clock }: World): Promise<void> {
  return store.transaction(() => {
    const now = clock.now();
    store
      .statement(
        `DELETE FROM lambda_invocation WHERE startedAt < ? OR (
           startedAt < ? AND outcome = 'success' AND id NOT IN (SELECT invocationId FROM lambda_failed_message))`,
      )
      .run(now - FAILURES_KEPT_MS, now - SUCCESSES_KEPT_MS);
    store
      .statement("DELETE FROM lambda_failed_message WHERE invocationId NOT IN (SELECT id FROM lambda_invocation)")
      .run();
  });
}

function insert(
  store: Store,
  requestId: string,
  functionName: string,
  atMs: number,
  messageIds: readonly string[],
): number {
  const { lastInsertRowid } = store
    .statement("INSERT INTO lambda_invocation (requestId, functionName, startedAt, messageIds) VALUES (?, ?, ?, ?)")
    .run(requestId, functionName, atMs, messageIds.length > 0 ? JSON.stringify(messageIds) : null);
  return Number(lastInsertRowid);
}

function close(
  store: Store,
  id: number,
  atMs: number,
  outcome: RecordedOutcome,
  error: string | undefined,
  logStream: string | null,
  failedMessageIds: readonly string[],
): void {
  store
    .statement("UPDATE lambda_invocation SET endedAt = ?, outcome = ?, error = ?, logStream = ? WHERE id = ?")
    .run(atMs, outcome, error ?? null, logStream, id);
  for (const messageId of failedMessageIds) {
    store
      .statement("INSERT OR IGNORE INTO lambda_failed_message (messageId, invocationId) VALUES (?, ?)")
      .run(messageId, id);
  }
}
