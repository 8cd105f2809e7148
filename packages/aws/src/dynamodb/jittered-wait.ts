/** How often DynamoDB is asked for what it throttled, left unprocessed, or had a conflict on. */
export const MOST_TRIES = 5;

/** Waits after a failed try (from 1): at most 50 ms after the first, 400 ms after the fourth, anywhere below that so that requests which failed together do not come back together. */
export function jitteredWait(tries: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.random() * 50 * 2 ** (tries - 1)));
}
