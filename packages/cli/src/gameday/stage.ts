import { setTimeout as wait } from "node:timers/promises";
import { jumpRegion } from "../region-client.ts";
import type { Sample, Stage } from "./game-day.ts";

/** A part of a game day. */
interface Phase {
  readonly name: string;
  /** Seconds from the beginning of the game day. */
  readonly fromSeconds: number;
  untilSeconds?: number;
}

/** A sample with its time, seconds from the beginning. */
interface Moment {
  readonly atSeconds: number;
  readonly sample: Sample;
}

/** What a stage has seen. */
export interface Recorded {
  readonly beganAtMs: number;
  readonly phases: readonly Phase[];
  readonly moments: readonly Moment[];
}

/** How often it looks, milliseconds. */
const EACH_MS = 1_000;

/** How long what runs in a region may take to end before its time jumps, seconds. */
const REST_SECONDS = 90;

type Given = Pick<Stage, "given" | "regionPid" | "scale" | "settings" | "signal">;

/** Sets a stage; `onMoment` is told of each look. `end` ends the looks. */
export function setStage(
  given: Given,
  onMoment: (recorded: Recorded) => void,
): { readonly stage: Stage; readonly recorded: Recorded; readonly end: () => Promise<void> } {
  const beganAtMs = Date.now();
  const phases: Phase[] = [];
  const moments: Moment[] = [];
  const recorded = { beganAtMs, phases, moments };
  const now = (): number => (Date.now() - beganAtMs) / 1_000;
  const ending = new AbortController();
  let looking: Promise<void> = Promise.resolve();
  const stage: Stage = {
    ...given,
    seconds: (whole, least = 1) => Math.max(least, Math.round(whole * given.scale)),
    count: (whole, least = 1) => Math.max(least, Math.round(whole * given.scale)),
    phase: async (name, work) => {
      given.signal.throwIfAborted();
      const phase: Phase = { name, fromSeconds: now() };
      phases.push(phase);
      onMoment(recorded);
      try {
        return await work();
      } finally {
        phase.untilSeconds = now();
      }
    },
    watch: (read) => {
      looking = look(read, ending.signal, (sample) => {
        moments.push({ atSeconds: now(), sample });
        onMoment(recorded);
      });
    },
    passTime: (seconds) => passTime(given, seconds),
  };
  const end = async (): Promise<void> => {
    ending.abort();
    await looking;
  };
  return { stage, recorded, end };
}

/** A look that fails is left out: a region under a fault may not answer. */
async function look(read: () => Promise<Sample>, signal: AbortSignal, take: (sample: Sample) => void): Promise<void> {
  while (!signal.aborted) {
    const next = wait(EACH_MS, undefined, { signal, ref: false }).catch(() => {});
    const sample = await read().catch(() => undefined);
    if (sample && !signal.aborted) take(sample);
    await next;
  }
}

async function passTime({ regionPid, settings: { endpoint }, signal }: Given, seconds: number): Promise<void> {
  if (regionPid === undefined || endpoint === undefined) await wait(seconds * 1_000, undefined, { signal });
  else await jumpRegion(endpoint, { seconds, waitSeconds: REST_SECONDS });
}
