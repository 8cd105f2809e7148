import { setTimeout as wait } from "node:timers/promises";
import { atLeast, atMost, exactly, type Measure, quantile, type Stage, shown } from "reliq/gameday";
import type { Ingestion } from "./ingestion.ts";
import type { Load, Request } from "./load.ts";

/** The share of requests that are answered well at least, percent, and the longest recovery, seconds: what is asked of every system. */
const AVAILABLE_PERCENT = 99.9;
const RECOVERED_SECONDS = 120;

/** How often the effects are looked for, milliseconds. */
const LOOK_MS = 500;

/** Of events that were accepted, when each had its effect; those that had none in time are missing. */
export type Effects = ReadonlyMap<string, number>;

/** Waits until every event that was accepted had its effect or is held, or a time is over, seconds; what was held before is not counted. */
export async function untilEffects(
  stage: Stage,
  system: Ingestion,
  orderIds: readonly string[],
  withinSeconds: number,
  heldBefore = 0,
): Promise<Effects> {
  const all = new Set(orderIds).size;
  const effects = new Map<string, number>();
  const deadline = performance.now() + withinSeconds * 1_000;
  for (;;) {
    const missing = orderIds.filter((id) => !effects.has(id));
    for (const [id, atMs] of await system.effects(missing)) effects.set(id, atMs);
    if (effects.size >= all || performance.now() > deadline) return effects;
    const held = (await system.held()) - heldBefore;
    if (effects.size + held >= all) return effects;
    await wait(LOOK_MS, undefined, { signal: stage.signal });
  }
}

/** The ids of the events that were accepted. */
export function acceptedIds({ requests }: Load): readonly string[] {
  return requests.filter(({ status }) => status === 202).map(({ orderId }) => orderId);
}

/** How requests were answered: availability, errors, time. */
export function answerMeasures({ requests }: Load): readonly Measure[] {
  const well = requests.filter(({ status }) => status === 202).length;
  const latencies = requests.map(({ latencyMs }) => latencyMs);
  return [
    shown("requests", requests.length),
    atLeast("availability", (well / requests.length) * 100, AVAILABLE_PERCENT, "%"),
    exactly("5xx and no answer", requests.filter(({ status }) => status === 0 || status >= 500).length, 0),
    shown("time to answer, P95", quantile(latencies, 0.95), "ms"),
  ];
}

/** What became of what was accepted: nothing is lost. What is held or waits in the queue is not. */
export async function effectMeasures(
  system: Ingestion,
  load: Load,
  effects: Effects,
  held = 0,
): Promise<readonly Measure[]> {
  const accepted = new Set(acceptedIds(load));
  const missing = [...accepted].filter((id) => !effects.has(id)).length;
  const waiting = missing > 0 ? await system.depth() : 0;
  return [
    shown("events accepted", accepted.size),
    exactly("lost: accepted, without effect, and nowhere", Math.max(0, missing - held - waiting), 0),
  ];
}

/** From the end of the fault to the last effect of what was accepted before it, seconds. */
export function recoveryMeasure({ requests }: Load, effects: Effects, faultEndedAtMs: number): Measure {
  const before = requests.filter(({ status, sentAtMs }) => status === 202 && sentAtMs <= faultEndedAtMs);
  const last = Math.max(
    faultEndedAtMs,
    ...before.map(({ orderId }) => effects.get(orderId) ?? Number.POSITIVE_INFINITY),
  );
  return atMost("time to recover", (last - faultEndedAtMs) / 1_000, RECOVERED_SECONDS, "s");
}

/** From a request to its effect, milliseconds, of requests that had one. */
export function effectTimes(requests: readonly Request[], effects: Effects): readonly number[] {
  return requests.flatMap(({ orderId, sentAtMs }) => {
    const atMs = effects.get(orderId);
    return atMs === undefined ? [] : [Math.max(0, atMs - sentAtMs)];
  });
}
