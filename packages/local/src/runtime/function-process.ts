import { type ChildProcess, spawn } from "node:child_process";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import type { InvokeMessage, ProcessMessage } from "./messages.ts";
import { readOutput } from "./output-lines.ts";
import type { Watchdog } from "./watchdog.ts";

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
  /** The last that it wrote to stderr. */
  readonly lastErrors: string;
}

/** What the owner of a process hears of it. */
export interface ProcessListener {
  message(message: ProcessMessage): void;
  /** One log event. */
  text(text: string): void;
  /** stdout or stderr has given all that the invocation wrote. */
  mark(requestId: string): void;
  /** The process has ended, and all its output is read. */
  exit(exit: Exit): void;
}

export interface FunctionProcess {
  send(message: InvokeMessage): void;
  /** Ends the process and those that it started, at once. */
  kill(): void;
}

/** The bootstrap beside this file: source beside source, compiled beside compiled. */
const BOOTSTRAP = fileURLToPath(new URL("./bootstrap.ts", import.meta.url)).replace(
  /ts$/,
  extname(import.meta.url).slice(1),
);

/** How much of stderr is kept to tell why a process ended, characters. */
const LAST_ERRORS_LENGTH = 8_192;

/** Starts a function's process, with the Node that runs the region. */
export function startProcess(
  directory: string,
  memoryMb: number,
  environment: Record<string, string>,
  watchdog: Watchdog,
  listener: ProcessListener,
): FunctionProcess {
  const child = spawnChild(directory, memoryMb, environment);
  if (child instanceof Error) {
    queueMicrotask(() => listener.exit({ code: null, signal: child.message, lastErrors: "" }));
    return { send: () => {}, kill: () => {} };
  }
  if (child.pid !== undefined) watchdog.add(child.pid);
  listen(child, watchdog, listener);
  return {
    // A message that cannot be sent finds the process gone, and its exit is on the way.
    send: (message) => void child.send(message, () => {}),
    kill: () => killGroup(child),
  };
}

/** Some failures to start, such as a lack of memory, Node throws; others it tells as an event. */
function spawnChild(directory: string, memoryMb: number, env: Record<string, string>): ChildProcess | Error {
  const program = [`--max-old-space-size=${memoryMb}`, "--disable-warning=ExperimentalWarning", BOOTSTRAP];
  try {
    return spawn(process.execPath, program, {
      cwd: directory,
      env,
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      // A group of its own: Ctrl-C in the region's terminal lets running invocations end, and a kill takes the whole group.
      detached: process.platform !== "win32",
      windowsHide: true,
    });
  } catch (error) {
    return error as Error;
  }
}

function listen(child: ChildProcess, watchdog: Watchdog, listener: ProcessListener): void {
  let lastErrors = "";
  if (child.stdout) readOutput(child.stdout, listener.text, listener.mark);
  if (child.stderr) {
    const text = (line: string): void => {
      lastErrors = `${lastErrors}${line}\n`.slice(-LAST_ERRORS_LENGTH);
      listener.text(line);
    };
    readOutput(child.stderr, text, listener.mark);
  }
  child.on("message", (message) => listener.message(message as ProcessMessage));
  child.once("error", (error) => listener.exit({ code: null, signal: error.message, lastErrors }));
  child.once("exit", () => {
    // What the process started would keep its output open, and its own end unseen.
    killGroup(child);
    if (child.pid !== undefined) watchdog.remove(child.pid);
  });
  child.once("close", (code, signal) => listener.exit({ code, signal, lastErrors }));
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(process.platform === "win32" ? child.pid : -child.pid, "SIGKILL");
  } catch {
    // Nothing of it runs any more.
  }
}
