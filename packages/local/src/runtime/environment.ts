import { randomBytes } from "node:crypto";
import type { Clock } from "../kernel/clock.ts";
import { environmentVariables, type FunctionSettings, type Surroundings } from "./environment-variables.ts";
import { type Exit, type FunctionProcess, startProcess } from "./function-process.ts";
import type { ErrorBody, InvokeMessage, ProcessMessage } from "./messages.ts";
import { exited, type Outcome, timedOut } from "./outcome.ts";
import { type InvocationReport, type Running, startRunning } from "./running.ts";
import type { Watchdog } from "./watchdog.ts";

/** How long an environment may take to start, beyond its function's timeout, ms (the limit of Lambda's init phase). */
const INIT_LIMIT_MS = 10_000;

export type Invocation = Omit<InvokeMessage, "functionArn" | "timeoutMs">;

/** One log event of a function. */
export interface LogLine {
  readonly logGroupName: string;
  readonly logStreamName: string;
  readonly atMs: number;
  readonly text: string;
}

/** What an environment runs on. */
export interface Tools {
  readonly surroundings: () => Surroundings;
  readonly clock: Clock;
  readonly watchdog: Watchdog;
  readonly log: (line: LogLine) => void;
}

/** One process of a function: it runs one invocation at a time. */
export interface Environment {
  readonly settings: FunctionSettings;
  /** Resolves once the handler is loaded, or never will be: then an invocation says why. */
  readonly ready: Promise<void>;
  /** Resolves when the process has ended. */
  readonly gone: Promise<void>;
  /** True while it can take another invocation. */
  usable(): boolean;
  invoke(invocation: Invocation): Promise<InvocationReport>;
  /** Ends the process at once; a running invocation ends as a crash. */
  kill(): void;
}

interface State {
  phase: "ended" | "ending" | "init" | "ready";
  /** How long the start took, until the first invocation reports it. */
  initMs?: number | undefined;
  initError?: ErrorBody;
  loaded: boolean;
  late: boolean;
  exit?: Exit;
  running?: Running | undefined;
}

/** Starts a function's process and loads its handler. */
export function startEnvironment(settings: FunctionSettings, tools: Tools): Environment {
  const { clock, watchdog } = tools;
  const logStreamName = newLogStreamName(clock.now());
  const state: State = { phase: "init", loaded: false, late: false };
  const ready = Promise.withResolvers<void>();
  const gone = Promise.withResolvers<void>();
  const startedAt = performance.now();
  const log = (text: string): void =>
    tools.log({ logGroupName: settings.logGroupName, logStreamName, atMs: clock.now(), text });
  const surroundings = { ...tools.surroundings(), ...aheadOf(clock) };
  const variables = environmentVariables(settings, surroundings, logStreamName, process.env);
  const child = startProcess(settings.codeDirectory, settings.memoryMb, variables, watchdog, {
    text: (text) => (state.running ? state.running.log(text) : log(text)),
    mark: (requestId) => state.running?.requestId === requestId && state.running.mark(),
    message: (message) => {
      if (message.kind === "done") return receiveAnswer(state, message);
      cancelInit();
      state.initMs = performance.now() - startedAt;
      receiveInit(state, message);
      ready.resolve();
    },
    exit: (exit) => {
      cancelInit();
      state.phase = "ended";
      state.exit = exit;
      state.running?.end(endOutcome(state, settings, state.running.requestId));
      ready.resolve();
      gone.resolve();
    },
  });
  const stopLate = (): void => {
    state.late = true;
    child.kill();
  };
  const cancelInit = after(INIT_LIMIT_MS + settings.timeoutSeconds * 1_000, stopLate);
  return {
    settings,
    ready: ready.promise,
    gone: gone.promise,
    usable: () => state.phase === "ready",
    invoke: (invocation) => invoke({ settings, clock, logStreamName, log, state, child, stopLate }, invocation),
    kill: child.kill,
  };
}

interface Context {
  readonly settings: FunctionSettings;
  readonly clock: Clock;
  readonly logStreamName: string;
  readonly log: (text: string) => void;
  readonly state: State;
  readonly child: FunctionProcess;
  readonly stopLate: () => void;
}

async function invoke(context: Context, invocation: Invocation): Promise<InvocationReport> {
  const { settings, clock, logStreamName, log, state, child } = context;
  const { requestId } = invocation;
  const measured = { memoryLimitMb: settings.memoryMb, json: settings.logFormat === "JSON", logStreamName };
  const running = startRunning(requestId, { ...measured, initMs: state.initMs }, clock, log);
  state.initMs = undefined;
  if (state.phase !== "ready") {
    running.end(endOutcome(state, settings, requestId));
    return running.report;
  }
  state.running = running;
  const timeoutMs = settings.timeoutSeconds * 1_000;
  const cancelTimeout = after(timeoutMs, context.stopLate);
  child.send({ ...invocation, functionArn: settings.functionArn, timeoutMs, ...aheadOf(clock) });
  const report = await running.report;
  cancelTimeout();
  state.running = undefined;
  return report;
}

function aheadOf({ aheadMs }: Clock): { readonly aheadMs?: number } {
  return aheadMs ? { aheadMs: aheadMs() } : {};
}

/** On the machine's time: how long a process may take does not pass in a jump of the region's. */
function after(ms: number, work: () => void): () => void {
  const timer = setTimeout(work, ms).unref();
  return () => clearTimeout(timer);
}

function receiveInit(state: State, message: ProcessMessage): void {
  state.loaded = true;
  state.phase = message.kind === "ready" ? "ready" : "ending";
  if (message.kind === "init-failed") state.initError = message.error;
}

function receiveAnswer(state: State, message: ProcessMessage & { readonly kind: "done" }): void {
  if (message.requestId !== state.running?.requestId) return;
  if (message.last) state.phase = "ending";
  state.running.answer(message);
}

/** The outcome of an invocation that its process cannot answer any more. */
function endOutcome(state: State, settings: FunctionSettings, requestId: string): Outcome {
  if (state.initError) return { kind: "init-error", error: state.initError };
  if (state.late) return timedOut(requestId, settings.timeoutSeconds);
  const { code = null, signal = null, lastErrors = "" } = state.exit ?? {};
  const outcome = exited(requestId, code, signal, lastErrors);
  return outcome.kind === "crash" && !state.loaded ? { ...outcome, kind: "init-error" } : outcome;
}

/** `2026/01/31/[$LATEST]` and 32 hexadecimal digits. */
function newLogStreamName(nowMs: number): string {
  const day = new Date(nowMs).toISOString().slice(0, 10).replaceAll("-", "/");
  return `${day}/[$LATEST]${randomBytes(16).toString("hex")}`;
}
