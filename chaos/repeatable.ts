import type { Random } from "./random.ts";

/** How many of the latest requests may be repeated. */
const MOST = 100;

/** The latest acknowledged requests, which the service has to know again. */
export interface Repeatable<T> {
  add(request: T): void;
  /** One that the service still remembers; undefined now and then, and where there are few yet. */
  pick(): T | undefined;
}

/** @param rememberedMs how long the service remembers a request at least, milliseconds */
export function repeatable<T>(random: Random, rememberedMs: number): Repeatable<T> {
  const requests: { readonly request: T; readonly atMs: number }[] = [];
  return {
    add: (request) => {
      requests.push({ request, atMs: performance.now() });
      if (requests.length > MOST) requests.shift();
    },
    pick: () => {
      if (requests.length < MOST / 2 || !random.chance(0.1)) return undefined;
      const { request, atMs } = requests[random.integer(0, requests.length - 1)] ?? { atMs: 0 };
      return performance.now() < atMs + rememberedMs ? request : undefined;
    },
  };
}
