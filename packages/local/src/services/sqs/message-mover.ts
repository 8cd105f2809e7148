import { randomUUID } from "node:crypto";
import type { World } from "../../kernel/service.ts";
import type { LongPolls } from "./long-poll.ts";
import { expireMessages, type MessageRow, moveMessage } from "./message.ts";
import { endTask, findTask, MOST_MOVED_PER_SECOND, type MoveTask, runningTaskIds } from "./move-task.ts";
import { findQueue, numberAttribute, type Queue } from "./queue.ts";

/** How long a task may run, milliseconds (36 hours; SQS quotas, "Message move task"). */
const LONGEST_TASK_MS = 36 * 3_600_000;

/** Carries out the move tasks: each takes its share of messages once a second, and goes on after a restart. */
export interface MessageMover {
  run(taskId: number): void;
  /** Goes on with the tasks that were running when the region stopped. */
  resume(): void;
  stop(): Promise<void>;
}

interface Step {
  readonly running: boolean;
  readonly targetIds: ReadonlySet<number>;
}

export function createMessageMover(world: World, polls: LongPolls): MessageMover {
  const timers = new Map<number, () => void>();
  const steps = new Set<Promise<void>>();

  const run = (taskId: number): void => {
    timers.delete(taskId);
    const step = carryOn(taskId).catch((error: unknown) => {
      world.report(`Move task ${taskId} of SQS stopped until the next start: ${String(error)}`);
    });
    steps.add(step);
    void step.then(() => steps.delete(step));
  };

  const carryOn = async (taskId: number): Promise<void> => {
    const { running, targetIds } = await world.store.transaction(() => moveShare(world, taskId));
    for (const id of targetIds) polls.wake(id);
    if (running && !stopped)
      timers.set(
        taskId,
        world.clock.at(world.clock.now() + 1_000, () => run(taskId)),
      );
  };

  let stopped = false;
  return {
    run,
    resume: () => {
      for (const id of runningTaskIds(world.store)) run(id);
    },
    stop: async () => {
      stopped = true;
      for (const cancel of timers.values()) cancel();
      await Promise.all(steps);
    },
  };
}

/** Moves one second's share. The move and its count are one transaction, so a kill neither loses nor repeats a message. */
function moveShare(world: World, taskId: number): Step {
  const { store, clock } = world;
  const task = findTask(store, taskId);
  const targetIds = new Set<number>();
  if (task?.status !== "RUNNING") return { running: false, targetIds };
  const fail = (reason: string): Step => {
    endTask(store, taskId, "FAILED", reason);
    return { running: false, targetIds };
  };
  if (clock.now() > task.startedAt + LONGEST_TASK_MS) return fail("The task ran for more than 36 hours.");
  const source = findQueue(store, task.source);
  if (!source) return fail(NO_QUEUE);
  const most = task.ratePerSecond ?? MOST_MOVED_PER_SECOND;
  const rows = movable(world, source, task, most);
  for (const row of rows) {
    const name = task.destination ?? row.deadLetterSource;
    if (name === null) return fail("CouldNotDetermineMessageSource");
    const target = findQueue(store, name);
    if (!target) return fail(NO_QUEUE);
    moveAsNew(world, row, source, target);
    store.statement("UPDATE sqs_move_task SET moved = moved + 1 WHERE id = ?").run(taskId);
    targetIds.add(target.id);
  }
  const running = rows.length === most;
  if (!running) endTask(store, taskId, "COMPLETED");
  return { running, targetIds };
}

const NO_QUEUE = "AWS.SimpleQueueService.NonExistentQueue";

function movable({ store, clock }: World, source: Queue, task: MoveTask, most: number): MessageRow[] {
  const nowMs = clock.now();
  expireMessages(store, source, nowMs);
  const unlocked = source.fifo
    ? "AND groupId IN (SELECT groupId FROM sqs_group WHERE sqs_group.queueId = sqs_message.queueId AND readyAt <= ?)"
    : "AND visibleAt <= ?";
  return store
    .statement(
      `SELECT * FROM sqs_message INDEXED BY sqs_message_enqueued
       WHERE queueId = ? AND visibleAt <= ? AND seq <= ? ${unlocked} ORDER BY enqueuedAt, seq LIMIT ?`,
    )
    .all(source.id, nowMs, task.lastSeq, nowMs, most) as unknown as MessageRow[];
}

/** A moved message is a new one: new id, new enqueue time, no receives, the delay of its queue. */
function moveAsNew({ store, clock }: World, row: MessageRow, source: Queue, target: Queue): void {
  const nowMs = clock.now();
  moveMessage(store, row, source, target, {
    messageId: randomUUID(),
    receiveCount: 0,
    firstReceivedAt: null,
    enqueuedAt: nowMs,
    sentAt: nowMs,
    visibleAt: nowMs + numberAttribute(target, "DelaySeconds") * 1_000,
    deadLetterSource: null,
  });
}
