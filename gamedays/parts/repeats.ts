import { setTimeout as wait } from "node:timers/promises";
import { sendMessages } from "@reliq/aws";
import { atMost, exactly, type Measure, shown } from "reliq/gameday";
import { acceptedIds, type Effects } from "./outcome.ts";
import type { Scene } from "./scene.ts";

/** From the end of a fault to the last effect, at most, seconds: what is asked of every system. */
const RECOVERED_SECONDS = 120;

/** How many repeats are sent at once, and how long a client waits before its next one, milliseconds. */
const AT_ONCE = 10;
const EACH_MS = 1_000;

/** Sends events past the API to the queue, as if they had been accepted just before; their ids. */
export async function sendAccepted({ system, run }: Scene, count: number): Promise<readonly string[]> {
  const ids = Array.from({ length: count }, (_, index) => `${run}-accepted-${index}`);
  const messages = ids.map((orderId) => ({ body: JSON.stringify({ orderId, amount: 1 }) }));
  const { failed } = await sendMessages(system.sqs, system.queueUrl, messages);
  if (failed.length > 0) throw new Error(`${failed.length} events were not sent: ${failed[0]?.message}`);
  return ids;
}

/** The events that were posted, and that no answer has accepted. */
export function refusedIds({ load }: Scene): readonly string[] {
  const accepted = new Set(acceptedIds(load));
  return [...new Set(load.requests.map(({ orderId }) => orderId))].filter((id) => !accepted.has(id));
}

/** Posts what was refused again, as its clients do, until all of it is accepted or a time is over, seconds. */
export async function repeatRefused(scene: Scene, withinSeconds: number): Promise<void> {
  const { stage, system, load } = scene;
  const deadline = performance.now() + withinSeconds * 1_000;
  for (;;) {
    const refused = refusedIds(scene).slice(0, AT_ONCE);
    if (refused.length === 0 || performance.now() > deadline) return;
    const answers = await Promise.all(refused.map((orderId) => system.post({ orderId, amount: 1 })));
    load.requests.push(...answers);
    if (answers.some(({ status }) => status !== 202)) await wait(EACH_MS, undefined, { signal: stage.signal });
  }
}

/** What became of events whose clients repeated them, and of those that were on the queue when the fault came: `refused` and `queued`. */
export function repeatMeasures(
  scene: Scene,
  effects: Effects,
  told: {
    readonly refused: number;
    readonly queued: readonly string[];
    readonly held: number;
    readonly faultEndedAtMs: number;
  },
): readonly Measure[] {
  const due = new Set([...acceptedIds(scene.load), ...told.queued]);
  const missing = [...due].filter((id) => !effects.has(id)).length;
  const last = Math.max(told.faultEndedAtMs, ...effects.values());
  const seconds = missing > 0 ? Number.POSITIVE_INFINITY : (last - told.faultEndedAtMs) / 1_000;
  return [
    shown("events that were refused while the fault was there", told.refused),
    exactly("of them not accepted on a repeat", refusedIds(scene).length, 0),
    shown("events accepted", due.size),
    exactly("of them without effect", missing, 0),
    exactly("dead-lettered, and held", told.held, 0),
    atMost("time to recover", seconds, RECOVERED_SECONDS, "s"),
  ];
}
