/** The region's one source of time; every service reads it and sets its timers on it. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Runs `work` once the clock has reached `atMs`; the returned function cancels it. */
  at(atMs: number, work: () => void): () => void;
  /** How far it is ahead of the machine's time, milliseconds; only a clock that jumps says it. */
  aheadMs?(): number;
}

/** The longest delay that setTimeout takes, milliseconds (2^31 - 1). */
const LONGEST_TIMEOUT_MS = 2_147_483_647;

/** A clock on the machine's own time. */
export function systemClock(): Clock {
  return { now: Date.now, at: scheduleAt };
}

function scheduleAt(atMs: number, work: () => void): () => void {
  let timer: NodeJS.Timeout;
  const arm = (): void => {
    const remaining = atMs - Date.now();
    if (remaining <= 0) work();
    else timer = setTimeout(arm, Math.min(remaining, LONGEST_TIMEOUT_MS)).unref();
  };
  timer = setTimeout(arm, Math.max(0, Math.min(atMs - Date.now(), LONGEST_TIMEOUT_MS))).unref();
  return () => clearTimeout(timer);
}
