import type { ErrorBody } from "./messages.ts";

/** How an invocation ended. */
export type Outcome =
  | { readonly kind: "success"; readonly payload: string }
  | { readonly kind: "crash" | "error" | "init-error" | "out-of-memory" | "timeout"; readonly error: ErrorBody };

/** The largest answer of a function, bytes (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html). */
const LARGEST_ANSWER_BYTES = 6_291_556;

/** What V8 writes before it ends a process whose heap is full. */
const HEAP_IS_FULL = /JavaScript heap out of memory|Reached heap limit/;

const SIGNAL_WORDS: Readonly<Record<string, string>> = {
  SIGABRT: "aborted",
  SIGKILL: "killed",
  SIGSEGV: "segmentation fault",
  SIGTERM: "terminated",
  SIGTRAP: "trace/breakpoint trap",
};

/** The outcome of an answer that the process gave. */
export function answered(payload: string | undefined, error: ErrorBody | undefined): Outcome {
  if (error) return { kind: "error", error };
  const text = payload ?? "null";
  if (Buffer.byteLength(text) <= LARGEST_ANSWER_BYTES) return { kind: "success", payload: text };
  return {
    kind: "error",
    error: {
      errorType: "Function.ResponseSizeTooLarge",
      errorMessage: `Response payload size exceeded maximum allowed payload size (${LARGEST_ANSWER_BYTES} bytes).`,
    },
  };
}

/** The outcome of an invocation that ran past its function's timeout. */
export function timedOut(requestId: string, timeoutSeconds: number): Outcome {
  const errorMessage = `RequestId: ${requestId} Error: Task timed out after ${timeoutSeconds.toFixed(2)} seconds`;
  return { kind: "timeout", error: { errorType: "Sandbox.Timedout", errorMessage } };
}

/** The outcome of an invocation whose process ended before it answered. */
export function exited(requestId: string, code: number | null, signal: string | null, lastErrors: string): Outcome {
  const full = HEAP_IS_FULL.test(lastErrors);
  const errorMessage = `RequestId: ${requestId} Error: ${exitReason(code, signal)}`;
  return full
    ? { kind: "out-of-memory", error: { errorType: "Runtime.OutOfMemory", errorMessage } }
    : { kind: "crash", error: { errorType: "Runtime.ExitError", errorMessage } };
}

function exitReason(code: number | null, signal: string | null): string {
  if (signal) return `Runtime exited with error: signal: ${SIGNAL_WORDS[signal] ?? signal}`;
  return code ? `Runtime exited with error: exit status ${code}` : "Runtime exited without providing a reason";
}
