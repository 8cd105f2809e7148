/** How long the services of a region may work on one batch where there are two regions, seconds. */
export const LONGEST_BATCH_SECONDS = 20;

/** How long what was read of the active region is taken for true, and how long asking the other region may take, milliseconds. */
export const KNOWN_MS = 1_000;
export const LONGEST_ASKING_MS = 1_500;

/** How long it is waited for where one region's acknowledgement is enough, milliseconds, once the other has answered: without an answer the work goes on, so each step would wait. A takeover also comes by replication. */
export const LONGEST_ASKING_ALONE_MS = 500;

/** From a takeover until the region works: by then whatever the other had begun has ended, and it has learned of it or stands still. */
const HANDOVER_MS = LONGEST_BATCH_SECONDS * 1_000 + KNOWN_MS + LONGEST_ASKING_MS + 500;

/** Which region takes orders and works on them, as both regions keep it. */
export interface ActiveRegion {
  readonly region: string;
  /** Grows by one with each takeover. */
  readonly epoch: number;
  /** From when on it works, milliseconds since the Unix epoch; 0: from the beginning. */
  readonly sinceMs: number;
  /** Whether the other region is not waited for: it is lost, or not yet trusted again. */
  readonly isAlone: boolean;
}

/** Which region is active where nobody has taken over yet. */
export function atFirst(first: string): ActiveRegion {
  return { region: first, epoch: 0, sinceMs: 0, isAlone: false };
}

/** What it is once a region goes on without the other, whichever was active; undefined where it does already. */
export function takeOver(before: ActiveRegion, here: string, nowMs: number): ActiveRegion | undefined {
  const isHere = before.region === here;
  if (isHere && before.isAlone) return undefined;
  return {
    region: here,
    epoch: before.epoch + 1,
    sinceMs: isHere ? before.sinceMs : nowMs + HANDOVER_MS,
    isAlone: true,
  };
}

/** What it is once the other region is waited for again; undefined where it is already, or where this region is not active. */
export function rejoin(before: ActiveRegion, here: string): ActiveRegion | undefined {
  return before.region === here && before.isAlone ? { ...before, isAlone: false } : undefined;
}

/** What both regions know of it: the later takeover counts. */
export function laterOf(one: ActiveRegion, other: ActiveRegion): ActiveRegion {
  return other.epoch > one.epoch ? other : one;
}

/** Whether a region works now. */
export function isActive({ region, sinceMs }: ActiveRegion, here: string, nowMs: number): boolean {
  return region === here && nowMs >= sinceMs;
}
