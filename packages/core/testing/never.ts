/** The signal of a worker that has all the time it wants; core compiles without the platform's AbortController. */
export const NEVER: AbortSignal = {
  aborted: false,
  addEventListener: () => {},
  removeEventListener: () => {},
} as unknown as AbortSignal;
