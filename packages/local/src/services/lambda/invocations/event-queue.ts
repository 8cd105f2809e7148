import type { Activity } from "../../../kernel/activity.ts";
import type { World } from "../../../kernel/service.ts";
import type { Outcome } from "../../../runtime/outcome.ts";
import { isThrottled } from "../errors.ts";
import { findFunction } from "../functions/function-table.ts";
import { deadLetterAttributes, destinationRecord, sendRecord } from "./destination.ts";
import { afterFailure, afterThrottle, type ExhaustedCondition, type Next, type QueuedEvent } from "./event-retry.ts";
import { findInvokeConfig } from "./invoke-config.ts";
import type { Invoker } from "./invoker.ts";

/** The asynchronous invocations: kept until they succeed or are given up, across a restart. */
export interface EventQueue {
  /** Resolves when the event is kept. */
  accept(requestId: string, functionName: string, payload: string, traceId: string | undefined): Promise<void>;
  /** Goes on with the events that are kept. */
  resume(): void;
  /** Starts no further attempt, and resolves when none runs. */
  stop(): Promise<void>;
}

/** Runs each event at least once: one that the region dies under runs again. */
export function createEventQueue(world: World, invoker: Invoker, activity: Activity): EventQueue {
  const { store, clock } = world;
  const timers = new Map<string, () => void>();
  const running = new Set<Promise<void>>();
  let open = false;

  const schedule = (requestId: string, dueAt: number): void => {
    if (!open) return;
    const due = (): void => {
      timers.delete(requestId);
      const end = activity.begin("an asynchronous event");
      const attempt = run(requestId).finally(() => {
        running.delete(attempt);
        end();
      });
      running.add(attempt);
    };
    timers.set(requestId, clock.at(dueAt, due));
  };
  const run = async (requestId: string): Promise<void> => {
    try {
      const againAt = await attemptEvent(world, invoker, requestId);
      if (againAt !== undefined) schedule(requestId, againAt);
    } catch (error) {
      world.report(`The event ${requestId} waits for the region's next start: ${String(error)}`);
    }
  };
  return {
    accept: async (requestId, functionName, payload, traceId) => {
      const now = clock.now();
      await store.transaction(() =>
        store
          .statement(
            "INSERT INTO lambda_event (requestId, functionName, payload, traceId, acceptedAt, dueAt) VALUES (?, ?, ?, ?, ?, ?)",
          )
          .run(requestId, functionName, payload, traceId ?? null, now, now),
      );
      schedule(requestId, now);
    },
    resume: () => {
      open = true;
      for (const row of store.statement("SELECT requestId, dueAt FROM lambda_event").all()) {
        schedule(String(row["requestId"]), Number(row["dueAt"]));
      }
    },
    stop: async () => {
      open = false;
      for (const cancel of timers.values()) cancel();
      await Promise.all(running);
    },
  };
}

/** Returns when to try again, or undefined when the event is over. */
async function attemptEvent(world: World, invoker: Invoker, requestId: string): Promise<number | undefined> {
  const event = findEvent(world, requestId);
  // Its function has been deleted, and its events with it.
  if (!event || !findFunction(world.store, event.functionName)) return forget(world, requestId);
  const { functionName, payload, traceId } = event;
  const config = findInvokeConfig(world.store, functionName);
  let outcome: Outcome | undefined;
  try {
    const report = await invoker.invoke({ functionName, requestId, event: payload, traceId: traceId ?? undefined });
    outcome = report.outcome;
  } catch (error) {
    if (!isThrottled(error)) throw error;
  }
  const tried: QueuedEvent = outcome
    ? { ...event, attempts: event.attempts + 1 }
    : { ...event, throttles: event.throttles + 1 };
  if (outcome?.kind === "success") {
    if (config?.onSuccessArn) await tell(world, config.onSuccessArn, tried, "Success", outcome);
    return forget(world, requestId);
  }
  const now = world.clock.now();
  return follow(world, tried, outcome, outcome ? afterFailure(tried, config, now) : afterThrottle(tried, config, now));
}

function findEvent(world: World, requestId: string): QueuedEvent | undefined {
  const row: unknown = world.store.statement("SELECT * FROM lambda_event WHERE requestId = ?").get(requestId);
  return row as QueuedEvent | undefined;
}

async function follow(
  world: World,
  event: QueuedEvent,
  outcome: Outcome | undefined,
  next: Next,
): Promise<number | undefined> {
  const { requestId, attempts, throttles } = event;
  if (next.kind === "exhausted") {
    await giveUp(world, event, next.condition, outcome);
    return forget(world, requestId);
  }
  await world.store.transaction(() =>
    world.store
      .statement("UPDATE lambda_event SET attempts = ?, throttles = ?, dueAt = ? WHERE requestId = ?")
      .run(attempts, throttles, next.dueAt, requestId),
  );
  return next.dueAt;
}

/** Sends the event to its function's destination and dead-letter queue, before it is forgotten: killed between, it is sent again. */
async function giveUp(
  world: World,
  event: QueuedEvent,
  condition: ExhaustedCondition,
  outcome: Outcome | undefined,
): Promise<void> {
  const onFailure = findInvokeConfig(world.store, event.functionName)?.onFailureArn;
  const deadLetterArn = findFunction(world.store, event.functionName)?.deadLetterArn;
  if (onFailure) await tell(world, onFailure, event, condition, outcome);
  if (deadLetterArn) await sendRecord(world, deadLetterArn, event.payload, deadLetterAttributes(event, outcome));
}

function tell(
  world: World,
  arn: string,
  event: QueuedEvent,
  condition: ExhaustedCondition | "Success",
  outcome: Outcome | undefined,
): Promise<void> {
  return sendRecord(world, arn, JSON.stringify(destinationRecord(world, event, condition, outcome)));
}

async function forget(world: World, requestId: string): Promise<undefined> {
  await world.store.transaction(() =>
    world.store.statement("DELETE FROM lambda_event WHERE requestId = ?").run(requestId),
  );
}
