import { queueDoesNotExist } from "./errors.ts";
import type { MessageRow } from "./message.ts";
import { findQueueById } from "./queue.ts";
import { nextVisibleAt, type Receive, type Taking, take } from "./take.ts";

/** The receivers that wait for messages. */
export interface LongPolls {
  /** Waits until messages come, the time is over, or the caller hangs up: then it takes none. */
  wait(queueId: number, receive: Receive, untilMs: number, signal: AbortSignal): Promise<readonly MessageRow[]>;
  /** Looks for messages for those who wait at a queue; called after each commit that may have made one visible. */
  wake(queueId: number): void;
  /** Ends every wait without messages. */
  stop(): void;
}

interface Waiter {
  readonly receive: Receive;
  readonly settle: (messages: readonly MessageRow[]) => void;
  readonly reject: (error: unknown) => void;
}

interface Line {
  readonly waiters: Set<Waiter>;
  serving: boolean;
  /** Something changed while the line was being served. */
  again: boolean;
  cancelTimer: () => void;
}

interface Served {
  readonly given: readonly (readonly [Waiter, readonly MessageRow[]])[];
  readonly deadLetterQueueIds: ReadonlySet<number>;
  readonly nextAt: number | undefined;
}

/** Long polls on the region's clock: one timer a queue while somebody waits there, none otherwise. */
export function createLongPolls(taking: Taking): LongPolls {
  const { world } = taking;
  const lines = new Map<number, Line>();

  const wake = (queueId: number): void => {
    const line = lines.get(queueId);
    if (!line) return;
    line.again = true;
    if (!line.serving) void serve(queueId, line);
  };

  const serve = async (queueId: number, line: Line): Promise<void> => {
    line.serving = true;
    line.again = false;
    line.cancelTimer();
    try {
      const served = await world.store.transaction(() => serveLine(taking, queueId, line));
      for (const [waiter, messages] of served.given) waiter.settle(messages);
      for (const id of served.deadLetterQueueIds) wake(id);
      if (served.nextAt !== undefined) line.cancelTimer = world.clock.at(served.nextAt, () => wake(queueId));
    } catch (error) {
      for (const waiter of line.waiters) waiter.reject(error);
    }
    line.serving = false;
    if (line.waiters.size === 0) close(queueId, line);
    else if (line.again) void serve(queueId, line);
  };

  const close = (queueId: number, line: Line): void => {
    line.cancelTimer();
    if (lines.get(queueId) === line) lines.delete(queueId);
  };

  const wait: LongPolls["wait"] = (queueId, receive, untilMs, signal) =>
    new Promise((resolve, reject) => {
      if (signal.aborted) return resolve([]);
      const line = lines.get(queueId) ?? newLine();
      lines.set(queueId, line);
      const leave = (): void => {
        line.waiters.delete(waiter);
        cancelDeadline();
        signal.removeEventListener("abort", hangUp);
        if (line.waiters.size === 0 && !line.serving) close(queueId, line);
      };
      const settle = (messages: readonly MessageRow[]): void => {
        leave();
        resolve(messages);
      };
      const hangUp = (): void => settle([]);
      const waiter: Waiter = {
        receive,
        settle,
        reject: (error) => {
          leave();
          reject(error);
        },
      };
      const cancelDeadline = world.clock.at(untilMs, hangUp);
      signal.addEventListener("abort", hangUp);
      line.waiters.add(waiter);
      wake(queueId);
    });

  return {
    wait,
    wake,
    stop: () => {
      for (const line of lines.values()) for (const waiter of line.waiters) waiter.settle([]);
    },
  };
}

function newLine(): Line {
  return { waiters: new Set(), serving: false, again: false, cancelTimer: () => {} };
}

/** Gives messages to those who waited longest; when there are none for one, there are none for those behind. */
function serveLine(taking: Taking, queueId: number, line: Line): Served {
  const { world } = taking;
  const queue = findQueueById(world.store, queueId);
  if (!queue) throw queueDoesNotExist();
  const given: [Waiter, readonly MessageRow[]][] = [];
  const deadLetterQueueIds = new Set<number>();
  const nowMs = world.clock.now();
  for (const waiter of line.waiters) {
    const { messages, deadLetterQueueId } = take(taking, queue, waiter.receive, nowMs);
    if (deadLetterQueueId !== undefined) deadLetterQueueIds.add(deadLetterQueueId);
    if (messages.length > 0) given.push([waiter, messages]);
    // A receive that only moved dead letters may have stopped before the living.
    else
      return {
        given,
        deadLetterQueueIds,
        nextAt: deadLetterQueueId ? nowMs : nextVisibleAt(world.store, queue, nowMs),
      };
  }
  return { given, deadLetterQueueIds, nextAt: undefined };
}
