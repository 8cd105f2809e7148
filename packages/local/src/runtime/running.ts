import type { Clock } from "../kernel/clock.ts";
import { endLines, startLine } from "./log-lines.ts";
import type { ProcessMessage } from "./messages.ts";
import { answered, type Outcome } from "./outcome.ts";

/** What became of an invocation. */
export interface InvocationReport {
  readonly outcome: Outcome;
  readonly startedMs: number;
  readonly endedMs: number;
  readonly logStreamName: string;
  /** The last 4 KB of its log. */
  readonly logTail: string;
}

/** An invocation under way in a process. */
export interface Running {
  readonly requestId: string;
  readonly startedMs: number;
  readonly report: Promise<InvocationReport>;
  /** Adds a log event. */
  log(text: string): void;
  /** One of stdout and stderr has given all that the invocation wrote. */
  mark(): void;
  /** The process has answered; the invocation concludes once its output is read. */
  answer(message: Answer): void;
  /** Concludes with what was answered, else with this outcome: nothing more will come. */
  end(otherwise: Outcome): void;
}

type Answer = ProcessMessage & { readonly kind: "done" };

interface RunningSettings {
  readonly memoryLimitMb: number;
  readonly json: boolean;
  readonly logStreamName: string;
  /** How long the environment took to start, on its first invocation. */
  readonly initMs: number | undefined;
}

/** stdout and stderr. */
const STREAMS = 2;

/** How much of an invocation's log its caller can have, bytes (Invoke's LogType Tail). */
const LOG_TAIL_BYTES = 4_096;

/** Opens an invocation's log, and follows the invocation to its end. */
export function startRunning(
  requestId: string,
  settings: RunningSettings,
  clock: Clock,
  write: (text: string) => void,
): Running {
  const { promise, resolve } = Promise.withResolvers<InvocationReport>();
  const startedMs = clock.now();
  const startedAt = performance.now();
  let tail = "";
  let given: Answer | undefined;
  let marks = 0;
  let concluded = false;
  const log = (text: string): void => {
    write(text);
    tail = `${tail}${text}\n`.slice(-LOG_TAIL_BYTES);
  };
  const conclude = (outcome: Outcome): void => {
    if (concluded) return;
    concluded = true;
    const endedMs = clock.now();
    const measures = {
      durationMs: performance.now() - startedAt,
      memoryMb: given?.memoryMb ?? settings.memoryLimitMb,
      memoryLimitMb: settings.memoryLimitMb,
      ...(settings.initMs !== undefined && { initMs: settings.initMs }),
    };
    for (const line of endLines(requestId, endedMs, outcome, measures, settings.json)) log(line);
    resolve({ outcome, startedMs, endedMs, logStreamName: settings.logStreamName, logTail: tail });
  };
  const settle = (): void => {
    if (!given || marks < given.marks) return;
    const outcome = answered(given.payload, given.error);
    // What was written past a stream that nobody uses came before the answer: it is read in this turn of the event loop.
    if (given.marks < STREAMS) setImmediate(() => conclude(outcome));
    else conclude(outcome);
  };
  log(startLine(requestId, startedMs, settings.json));
  return {
    requestId,
    startedMs,
    report: promise,
    log,
    mark: () => {
      marks += 1;
      settle();
    },
    answer: (message) => {
      given = message;
      settle();
    },
    end: (otherwise) => conclude(given ? answered(given.payload, given.error) : otherwise),
  };
}
