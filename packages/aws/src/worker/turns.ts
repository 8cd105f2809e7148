/** A limit on what runs at once, over all batches of a worker. */
export interface Turns {
  /** Waits for a turn, first come, first served; what it gives ends the turn. `"over"` once the turns are closed. */
  take(): Promise<(() => void) | "over">;
  /** Gives no more turns, to those who wait neither. */
  close(): void;
  closed(): boolean;
  /** How many turns could be had at once. */
  free(): number;
}

/** Makes a limit of so many turns at once. */
export function createTurns(most: number): Turns {
  const queue: ((turn: (() => void) | "over") => void)[] = [];
  let free = most;
  let closed = false;
  const turn = (): (() => void) => {
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      const next = queue.shift();
      if (next) next(turn());
      else free++;
    };
  };
  return {
    free: () => free,
    closed: () => closed,
    take: async () => {
      if (closed) return "over";
      if (free > 0) {
        free--;
        return turn();
      }
      return new Promise((resolve) => queue.push(resolve));
    },
    close: () => {
      closed = true;
      for (const waiting of queue.splice(0)) waiting("over");
    },
  };
}
