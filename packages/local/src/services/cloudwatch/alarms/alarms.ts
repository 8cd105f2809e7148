import type { Activity } from "../../../kernel/activity.ts";
import type { World } from "../../../kernel/service.ts";
import type { Collector } from "../metrics/collector.ts";
import { type Alarm, type AlarmState, allAlarms } from "./alarm-store.ts";
import { createDelivery } from "./delivery.ts";
import { createTransitions, isHighResolution } from "./transitions.ts";

/** Alarms at work. */
export interface Alarms {
  /** Brings an alarm to a state, with its history and its notifications, in a transaction of the caller's. */
  change(alarm: Alarm, state: AlarmState): void;
  /** Brings composite alarms to what the others say, gives what is to be given, and sets the time of the next evaluation. */
  settle(): Promise<void>;
  start(): void;
  /** Resolves when no evaluation runs. */
  stop(): Promise<void>;
}

const MINUTE_MS = 60_000;

/** How often alarms on periods under a minute are evaluated, milliseconds (CloudWatch user guide, high-resolution alarms). */
const HIGH_RESOLUTION_MS = 10_000;

/** How many evaluations are made up for where time has jumped. */
const MOST_EVALUATIONS = 180;

/**
 * Evaluates alarms at each minute, or each 10 s where a period is under a minute, over the data until then: what a jump passes, in
 * order, the last 180 of it. Without alarms each minute only brings the services' counts to the store.
 */
export function createAlarms(world: World, collector: Collector, activity: Activity): Alarms {
  const { clock, store } = world;
  const delivery = createDelivery(world);
  const transitions = createTransitions(world, delivery);
  let evaluatedMs = clock.now();
  let cancelTimer = (): void => {};
  let running: Promise<void> = Promise.resolve();
  let stopped = false;

  const stepMs = (): number => (allAlarms(store).some(isHighResolution) ? HIGH_RESOLUTION_MS : MINUTE_MS);
  const arm = (): void => {
    cancelTimer();
    if (stopped) return;
    const step = stepMs();
    const nowMs = clock.now();
    cancelTimer = clock.at(nowMs - (nowMs % step) + step, tick);
  };
  const tick = (): void => {
    const end = activity.begin("alarms that are being evaluated");
    const due = duePoints(evaluatedMs, clock.now(), stepMs());
    evaluatedMs = Math.max(evaluatedMs, due.at(-1) ?? 0);
    running = running
      .then(() => evaluateAll(due))
      .catch((error: unknown) => world.report(`Alarms could not be evaluated: ${String(error)}`))
      .finally(end);
    arm();
  };
  const evaluateAll = async (due: readonly number[]): Promise<void> => {
    await collector.collect();
    // A region without alarms writes nothing for them.
    if (allAlarms(store).length === 0) return;
    await store.transaction(() => {
      for (const endMs of due) transitions.evaluate(endMs);
    });
    await delivery.give();
  };
  return {
    change: transitions.change,
    settle: async () => {
      await store.transaction(() => transitions.settleComposites(clock.now()));
      await delivery.give();
      arm();
    },
    start: () => {
      arm();
      void delivery.give().catch((error: unknown) => world.report(`Alarms' notifications wait: ${String(error)}`));
    },
    stop: async () => {
      stopped = true;
      cancelTimer();
      await running;
      await collector.collect();
    },
  };
}

/** The ends of the periods that have passed, the last of them. */
function duePoints(afterMs: number, nowMs: number, stepMs: number): readonly number[] {
  const lastMs = nowMs - (nowMs % stepMs);
  const firstMs = Math.max(afterMs - (afterMs % stepMs) + stepMs, lastMs - (MOST_EVALUATIONS - 1) * stepMs);
  return Array.from({ length: Math.max(0, (lastMs - firstMs) / stepMs + 1) }, (_, index) => firstMs + index * stepMs);
}
