import type { LiveFacts, RegionFacts } from "../contract/region.ts";

/** How the page reaches what it shows. */
export interface Connection {
  /** Where a path of the console's API is asked for, and with which headers. */
  readonly reach: (
    path: string,
  ) => Promise<{ readonly url: string; readonly headers: Readonly<Record<string, string>> }>;
  /** Where the console is, and who looks at it. */
  readonly region: (signal: AbortSignal) => Promise<RegionFacts>;
  /** Tells what happens until it is ended, and when nothing is heard. */
  readonly follow: (heard: (facts: LiveFacts) => void, silent: () => void) => () => void;
}

let current: Connection | undefined;

/** Says how the page reaches what it shows: once, before it is drawn. */
export function connect(to: Connection): void {
  current = to;
}

/** How the page reaches what it shows. */
export function connection(): Connection {
  if (!current) throw new Error("The page is not connected: main.tsx does it first.");
  return current;
}
