// The program of a function's process: loads the handler, then runs one invocation after another as the region sends them.
import { flushCompileCache } from "node:module";
import { patchConsole } from "./console-lines.ts";
import { errorBody, type Handler, InitError, loadHandler } from "./load-handler.ts";
import { AHEAD_VARIABLE, type ErrorBody, frameLine, type InvokeMessage, type ProcessMessage } from "./messages.ts";

type Answer = { readonly payload: string } | { readonly error: ErrorBody; readonly last?: true };

const send = process.send?.bind(process);
const channel = process.channel;
if (!send || !channel) throw new Error("This program is started by the local region, and speaks to it over IPC.");
// A function on AWS has no parent to speak to, and libraries act on its presence.
Reflect.deleteProperty(process, "send");
let current: InvokeMessage | undefined;
const usesStderr = watchStderr();

patchConsole(() => current?.requestId);
// The region has died: nothing of this process may go on without it, its exit handlers included.
process.once("disconnect", () => process.kill(process.pid, "SIGKILL"));
process.on("uncaughtException", (error, origin) => {
  const rejected = origin === "unhandledRejection";
  const body = errorBody(error);
  const type = rejected ? "Runtime.UnhandledPromiseRejection" : body.errorType;
  const text = rejected ? `${body.errorType}: ${body.errorMessage}` : body.errorMessage;
  void answer({ error: { ...body, errorType: type, errorMessage: text }, last: true }).finally(() =>
    process.exit(rejected ? 128 : 129),
  );
});
const setAhead = await shiftWhereTimeJumps();
await start();

async function shiftWhereTimeJumps(): Promise<((aheadMs: number) => void) | undefined> {
  const ahead = process.env[AHEAD_VARIABLE];
  if (ahead === undefined) return undefined;
  delete process.env[AHEAD_VARIABLE];
  return (await import("./shifted-date.ts")).shiftDate(Number(ahead));
}

async function start(): Promise<void> {
  const environment = process.env;
  try {
    const handler = await loadHandler(environment["LAMBDA_TASK_ROOT"] ?? "", environment["_HANDLER"] ?? "");
    process.on("message", (message) => void run(handler, message as InvokeMessage));
    post({ kind: "ready" });
    flushCompileCache();
  } catch (error) {
    const body = error instanceof InitError ? error.body : errorBody(error);
    console.error("Uncaught Exception", JSON.stringify(body));
    process.stdout.write("", () => post({ kind: "init-failed", error: body }, () => process.exit(1)));
  }
}

async function run(handler: Handler, invocation: InvokeMessage): Promise<void> {
  current = invocation;
  setAhead?.(invocation.aheadMs ?? 0);
  process.env["_X_AMZN_TRACE_ID"] = invocation.traceId;
  try {
    const payload = await handled(handler, invocation);
    await answer({ payload: JSON.stringify(payload) ?? "null" });
  } catch (error) {
    console.error("Invoke Error", JSON.stringify(errorBody(error)));
    await answer({ error: errorBody(error) });
  }
}

/** Settles as the handler does, or with null once nothing is left that could ever settle it, as Lambda does. */
function handled(handler: Handler, invocation: InvokeMessage): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const nothingLeft = (): void => resolve(null);
  process.once("beforeExit", nothingLeft);
  channel?.unref();
  try {
    const callback = (error?: unknown, result?: unknown): void =>
      error === undefined || error === null ? resolve(result) : reject(error);
    const returned = handler(JSON.parse(invocation.event), contextOf(invocation), callback);
    if (handler.length < 3 || returned instanceof Promise) Promise.resolve(returned).then(resolve, reject);
  } catch (error) {
    reject(error);
  }
  return promise.finally(() => {
    channel?.ref();
    process.removeListener("beforeExit", nothingLeft);
  });
}

function contextOf({ requestId, functionArn, timeoutMs, clientContext }: InvokeMessage): Record<string, unknown> {
  const environment = process.env;
  const endsAt = performance.now() + timeoutMs;
  return {
    callbackWaitsForEmptyEventLoop: true,
    awsRequestId: requestId,
    functionName: environment["AWS_LAMBDA_FUNCTION_NAME"],
    functionVersion: environment["AWS_LAMBDA_FUNCTION_VERSION"],
    invokedFunctionArn: functionArn,
    memoryLimitInMB: environment["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"],
    logGroupName: environment["AWS_LAMBDA_LOG_GROUP_NAME"],
    logStreamName: environment["AWS_LAMBDA_LOG_STREAM_NAME"],
    ...(clientContext !== undefined && { clientContext: JSON.parse(clientContext) }),
    getRemainingTimeInMillis: () => Math.max(0, Math.floor(endsAt - performance.now())),
  };
}

/** Says whether anybody has asked for the stream of stderr: before, no code of the function can have written there by it. */
function watchStderr(): () => boolean {
  const { get } = Object.getOwnPropertyDescriptor(process, "stderr") ?? {};
  let asked = get === undefined;
  if (get) {
    const stderr = (): NodeJS.WriteStream => {
      asked = true;
      return get.call(process);
    };
    Object.defineProperty(process, "stderr", { configurable: true, enumerable: true, get: stderr });
  }
  return () => asked;
}

/** Marks the end of the invocation's output, so that no line of it is taken for the next one's, and answers. */
async function answer(given: Answer): Promise<void> {
  if (!current) return;
  const { requestId } = current;
  const { stdout } = process;
  // A logger may gather the lines of this turn of the event loop; they go out with the mark in one write.
  stdout.cork();
  await new Promise<void>((resolve) => process.nextTick(resolve));
  const marking = [mark(stdout, requestId), ...(usesStderr() ? [mark(process.stderr, requestId)] : [])];
  stdout.uncork();
  const marked = await Promise.all(marking);
  current = undefined;
  const memoryMb = Math.ceil(process.resourceUsage().maxRSS / 1_024);
  await new Promise<void>((resolve) => {
    post({ kind: "done", requestId, ...given, memoryMb, marks: marked.filter(Boolean).length }, resolve);
  });
}

function mark(stream: NodeJS.WriteStream, requestId: string): Promise<boolean> {
  return new Promise((resolve) => {
    stream.write(frameLine({ mark: requestId }), (error) => resolve(!error));
  });
}

function post(message: ProcessMessage, sent?: () => void): void {
  send?.(message, undefined, undefined, () => sent?.());
}
