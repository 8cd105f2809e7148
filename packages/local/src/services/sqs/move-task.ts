import type { Members, World } from "../../kernel/service.ts";
import type { Store } from "../../kernel/store.ts";
import { queueArn } from "./queue.ts";

/** The fastest move, messages a second (StartMessageMoveTask); also the speed where none is asked for. */
export const MOST_MOVED_PER_SECOND = 500;

export type TaskStatus = "RUNNING" | "COMPLETED" | "CANCELLED" | "FAILED";

/** A task that moves messages out of a dead-letter queue. */
export interface MoveTask {
  readonly id: number;
  readonly source: string;
  /** Null where each message goes back to the queue that it came from. */
  readonly destination: string | null;
  readonly ratePerSecond: number | null;
  readonly startedAt: number;
  /** Messages that came later stay: what dies again during the move does not go round. */
  readonly lastSeq: number;
  readonly status: TaskStatus;
  readonly moved: number;
  readonly toMove: number;
  readonly failure: string | null;
}

interface NewTask {
  readonly source: string;
  readonly destination: string | undefined;
  readonly ratePerSecond: number | undefined;
  readonly toMove: number;
}

/** Notes a task, in a transaction of the caller's. */
export function insertTask({ store, clock }: World, task: NewTask): number {
  const { lastInsertRowid } = store
    .statement(
      `INSERT INTO sqs_move_task (source, destination, ratePerSecond, startedAt, lastSeq, status, toMove)
       VALUES (?, ?, ?, ?, (SELECT coalesce(max(seq), 0) FROM sqs_message), 'RUNNING', ?)`,
    )
    .run(task.source, task.destination ?? null, task.ratePerSecond ?? null, clock.now(), task.toMove);
  return Number(lastInsertRowid);
}

export function findTask(store: Store, id: number): MoveTask | undefined {
  return store.statement("SELECT * FROM sqs_move_task WHERE id = ?").get(id) as MoveTask | undefined;
}

/** The latest tasks of a source queue, the latest first. */
export function tasksOf(store: Store, source: string, most: number): MoveTask[] {
  return store
    .statement("SELECT * FROM sqs_move_task WHERE source = ? ORDER BY id DESC LIMIT ?")
    .all(source, most) as unknown as MoveTask[];
}

export function runningTask(store: Store, source: string): MoveTask | undefined {
  return store.statement("SELECT * FROM sqs_move_task WHERE source = ? AND status = 'RUNNING'").get(source) as
    | MoveTask
    | undefined;
}

/** The tasks that were running when the region stopped. */
export function runningTaskIds(store: Store): number[] {
  const rows = store.statement("SELECT id FROM sqs_move_task WHERE status = 'RUNNING'").all() as { id: number }[];
  return rows.map(({ id }) => id);
}

/** Ends a task, in a transaction of the caller's. */
export function endTask(store: Store, id: number, status: TaskStatus, failure?: string): void {
  store.statement("UPDATE sqs_move_task SET status = ?, failure = ? WHERE id = ?").run(status, failure ?? null, id);
}

/** A task as ListMessageMoveTasks shows it: only a running one has a handle. */
export function describeTask(world: World, task: MoveTask): Members {
  return {
    ...(task.status === "RUNNING" && { TaskHandle: taskHandle(world, task.id, task.source) }),
    Status: task.status,
    SourceArn: queueArn(world, task.source),
    ...(task.destination !== null && { DestinationArn: queueArn(world, task.destination) }),
    ...(task.ratePerSecond !== null && { MaxNumberOfMessagesPerSecond: task.ratePerSecond }),
    ApproximateNumberOfMessagesMoved: task.moved,
    ApproximateNumberOfMessagesToMove: task.toMove,
    ...(task.failure !== null && { FailureReason: task.failure }),
    StartedTimestamp: task.startedAt,
  };
}

export function taskHandle(world: World, id: number, source: string): string {
  return Buffer.from(JSON.stringify({ taskId: String(id), sourceArn: queueArn(world, source) })).toString("base64");
}

/** What a handle says, or undefined where it is none. */
export function readTaskHandle(world: World, handle: string): { id: number; source: string } | undefined {
  try {
    const { taskId, sourceArn } = JSON.parse(Buffer.from(handle, "base64").toString("utf8"));
    const prefix = queueArn(world, "");
    if (typeof taskId !== "string" || typeof sourceArn !== "string" || !sourceArn.startsWith("arn:")) return undefined;
    return { id: Number(taskId), source: sourceArn.startsWith(prefix) ? sourceArn.slice(prefix.length) : "" };
  } catch {
    return undefined;
  }
}
