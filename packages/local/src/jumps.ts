import { setTimeout as wait } from "node:timers/promises";
import type { RegionTime } from "./kernel/region-time.ts";
import { ServiceError } from "./kernel/service-error.ts";

/** The longest jump, seconds (14 days: the longest that a message can live). */
const LONGEST_JUMP_SECONDS = 14 * 86_400;

/** The longest wait for rest, seconds (4 minutes: many clients give up on an answer after 5). */
const LONGEST_WAIT_SECONDS = 240;

const DEFAULT_WAIT_SECONDS = 10;

/** Nothing runs where nothing was seen at so many looks, so far apart: between two batches of a queue nothing runs for a moment. */
const QUIET_LOOKS = 3;
const LOOK_MS = 10;

/** What to jump. */
export interface JumpRequest {
  /** 1 to 1,209,600 (14 days). */
  readonly seconds: number;
  /** How long to wait until nothing runs, 0 to 240. @default 10 */
  readonly waitSeconds?: number;
}

/** Where a jump has brought the region. */
export interface Jump {
  /** The region's time, ISO 8601. */
  readonly now: string;
  /** How far the region is ahead of the machine's time, over all jumps, seconds. */
  readonly aheadSeconds: number;
}

/** Carries out jumps, one after the other. @throws ServiceError that says why time has not jumped */
export type Jumps = (request: JumpRequest, signal: AbortSignal) => Promise<Jump>;

/** Makes the jumps of a region; `underWay` says in words what runs in it. */
export function createJumps(time: RegionTime, underWay: () => readonly string[]): Jumps {
  let last: Promise<unknown> = Promise.resolve();
  return ({ seconds, waitSeconds = DEFAULT_WAIT_SECONDS }, signal) => {
    const turn = last.then(async () => {
      const { jump } = time;
      if (!jump) throw refusal("JumpsAreOff", "Time does not jump in this region: start it with --jumps.");
      check("A jump", seconds, 1, LONGEST_JUMP_SECONDS);
      check("The wait for a jump", waitSeconds, 0, LONGEST_WAIT_SECONDS);
      await atRest(underWay, waitSeconds, signal, () => jump(seconds * 1_000));
      return { now: new Date(time.clock.now()).toISOString(), aheadSeconds: time.aheadMs() / 1_000 };
    });
    last = turn.catch(() => {});
    return turn;
  };
}

/** Acts in the very turn in which nothing was under way for long enough. @throws ServiceError RegionIsBusy */
async function atRest(
  underWay: () => readonly string[],
  waitSeconds: number,
  signal: AbortSignal,
  act: () => Promise<void>,
): Promise<void> {
  const deadline = performance.now() + waitSeconds * 1_000;
  for (let quiet = 0; quiet < QUIET_LOOKS; ) {
    await wait(LOOK_MS);
    if (signal.aborted) throw refusal("JumpCancelled", "The region stops, or who asked hung up: time has not jumped.");
    const running = underWay();
    quiet = running.length === 0 ? quiet + 1 : 0;
    if (quiet === 0 && performance.now() >= deadline) throw busy(running, waitSeconds);
  }
  await act();
}

function busy(running: readonly string[], waitSeconds: number): ServiceError {
  return refusal(
    "RegionIsBusy",
    `Time jumps only when nothing runs, and after ${waitSeconds} s there is still: ${running.join(", ")}. Let it end, or wait longer with --wait.`,
    409,
  );
}

function check(what: string, seconds: unknown, least: number, most: number): void {
  if (Number.isInteger(seconds) && Number(seconds) >= least && Number(seconds) <= most) return;
  throw refusal("ValidationError", `${what} takes ${least} to ${most} whole seconds, not ${JSON.stringify(seconds)}.`);
}

function refusal(code: string, message: string, status = 400): ServiceError {
  return new ServiceError(code, message, { status });
}
