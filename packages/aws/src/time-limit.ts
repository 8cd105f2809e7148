import type { TimeLimit } from "@reliq/core";

/** A signal that is aborted after so many seconds, or with `signal`; `end` frees its timer. Without a limit of its own it is that signal itself. */
export function timeLimit(seconds: number | undefined, signal: AbortSignal): TimeLimit {
  if (seconds === undefined) return { signal, end: nothing };
  const controller = new AbortController();
  const abort = (): void => controller.abort(signal.reason);
  const timer = setTimeout(() => controller.abort(tooLong(seconds)), seconds * 1_000);
  signal.addEventListener("abort", abort);
  if (signal.aborted) abort();
  return {
    signal: controller.signal,
    end: () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
    },
  };
}

function tooLong(seconds: number): Error {
  return new Error(`the handler's ${seconds} seconds are over`);
}

function nothing(): void {}
