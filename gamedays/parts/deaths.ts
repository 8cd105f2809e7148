import { setTimeout as wait } from "node:timers/promises";
import type { FailureGroup } from "@reliq/core/recovery";
import type { Scene } from "./scene.ts";

/** Recovery looks at what is held each five minutes; what the metric says then is an alarm's after another minute, seconds. */
const SWEEP_SECONDS = 300;

/** Waits until so many messages are held, or a time is over, seconds; how many are. */
export async function untilHeld({ stage, system }: Scene, count: number, withinSeconds: number): Promise<number> {
  const deadline = performance.now() + withinSeconds * 1_000;
  for (;;) {
    const held = await system.held();
    if (held >= count || performance.now() > deadline) return held;
    await wait(500, undefined, { signal: stage.signal });
  }
}

/** Lets the schedule count what is held, and the alarm see it. */
export async function untilCounted({ stage }: Scene): Promise<void> {
  await stage.passTime(SWEEP_SECONDS);
  await stage.passTime(SWEEP_SECONDS);
}

/** The failure groups of the queue that had a death since a time, milliseconds. */
export async function groupsSince({ system }: Scene, sinceMs: number): Promise<readonly FailureGroup[]> {
  const { groups } = await system.failures.listGroups({ filter: { queue: system.queue } });
  return groups.filter(({ lastSeenAtMs }) => lastSeenAtMs >= sinceMs);
}
