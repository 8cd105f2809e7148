/** What the region asks of a function's process. */
export interface InvokeMessage {
  readonly requestId: string;
  /** The event as JSON text. */
  readonly event: string;
  readonly functionArn: string;
  /** How long the invocation may run, milliseconds. */
  readonly timeoutMs: number;
  /** The value of `_X_AMZN_TRACE_ID`. */
  readonly traceId: string;
  /** The client context as JSON text. */
  readonly clientContext?: string;
  /** How far the region is ahead of the machine's time, milliseconds; only where its time can jump. */
  readonly aheadMs?: number;
}

/** The variable by which a process is told at its start how far the region is ahead, milliseconds; its function does not see it. */
export const AHEAD_VARIABLE = "_RELIQ_AHEAD_MS";

/** An error as Lambda answers with it (https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html). */
export interface ErrorBody {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/** What a function's process tells the region. */
export type ProcessMessage =
  | { readonly kind: "ready" }
  | { readonly kind: "init-failed"; readonly error: ErrorBody }
  | {
      readonly kind: "done";
      readonly requestId: string;
      /** The answer as JSON text, or the error. */
      readonly payload?: string;
      readonly error?: ErrorBody;
      readonly memoryMb: number;
      /** On how many of stdout and stderr the end of the invocation is marked: on those that can have text of it, and take it. */
      readonly marks: number;
      /** The process ends after this answer. */
      readonly last?: boolean;
    };

/** Starts a line that is a frame of the bootstrap's own, not text of the function. */
export const FRAME_START = "\u0000";

/** One log event that keeps its line breaks, or the end of an invocation's output. */
export type Frame = { readonly text: string } | { readonly mark: string };

/** Writes a frame as a line of its own, also behind text that ends without a line break. */
export function frameLine(frame: Frame): string {
  return `\n${FRAME_START}${JSON.stringify(frame)}\n`;
}
