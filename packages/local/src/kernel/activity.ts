/** What is under way in a part of the region: time does not jump meanwhile. */
export interface Activity {
  /** Counts something in until the returned function is called; calling that again does nothing. */
  begin(what: string): () => void;
  /** What is under way, in words: `an invocation of orders (2)`. */
  underWay(): readonly string[];
}

/** Makes an activity with nothing under way. */
export function createActivity(): Activity {
  const counts = new Map<string, number>();
  const add = (what: string, change: number): void => {
    const count = (counts.get(what) ?? 0) + change;
    if (count > 0) counts.set(what, count);
    else counts.delete(what);
  };
  return {
    begin: (what) => {
      let ended = false;
      add(what, 1);
      return () => {
        if (!ended) add(what, -1);
        ended = true;
      };
    },
    underWay: () => [...counts].map(([what, count]) => (count > 1 ? `${what} (${count})` : what)),
  };
}
