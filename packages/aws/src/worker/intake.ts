import type { Turns } from "./turns.ts";

/** Says how much a worker may receive: more than its handlers can start soon only wears out its visibility. */
export interface Intake {
  /** How many receives can be under way at once; each has a place, from 0. */
  readonly places: number;
  /** Resolves when there is room for another batch by the receive of this place, or the worker ends. */
  room(place: number): Promise<void>;
  received(messages: number): void;
  started(messages: number): void;
}

/** Receives under way beyond this many hide no more latency: what is left is the work of one process. */
const MOST_AHEAD = 8;

/** What a full receive brings. */
const FULL = 10;

/** So many full receives for each further one at once: those that in the end wait in vain are a tenth of them. */
const FULL_PER_PLACE = 10;

/**
 * Makes an intake for so many pollers. There is room while fewer messages wait than there are handlers. While receives come back
 * full and find handlers without work, more and more are under way at once, up to 8; one that is not full
 * shows that the queue has no more, and then only the pollers receive: what waits for messages costs requests.
 */
export function createIntake(
  pollers: number,
  concurrency: number,
  turns: Pick<Turns, "free">,
  signal: AbortSignal,
): Intake {
  const places = Math.max(pollers, MOST_AHEAD);
  let open = pollers;
  let inRow = 0;
  let unstarted = 0;
  let waiting: (() => void)[] = [];
  const isFull = (): boolean => unstarted >= concurrency + turns.free();
  const wake = (): void => {
    const woken = waiting;
    waiting = [];
    for (const resolve of woken) resolve();
  };
  signal.addEventListener("abort", wake, { once: true });
  return {
    places,
    room: async (place) => {
      while ((place >= open || isFull()) && !signal.aborted) {
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
    },
    received: (messages) => {
      const hungry = unstarted <= turns.free();
      unstarted += messages;
      if (messages < FULL || isFull()) {
        open = pollers;
        inRow = 0;
      } else if (hungry && open < places && ++inRow % FULL_PER_PLACE === 0) {
        open++;
        wake();
      }
    },
    started: (messages) => {
      unstarted -= messages;
      if (!isFull()) wake();
    },
  };
}
