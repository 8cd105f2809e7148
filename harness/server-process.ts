import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

/** How long a server may take until it answers, milliseconds. */
const LONGEST_START_MS = 60_000;

/** How long a server may take to end when it is asked to, milliseconds; then it is killed. */
const LONGEST_STOP_MS = 3_000;

/** A server under test, in a process of its own. */
export interface ServerProcess {
  readonly endpoint: string;
  readonly pid: number;
  /** Waits for its first answer: milliseconds from the start of the process. @throws an Error when it ends before, or takes over a minute */
  untilAnswering(): Promise<number>;
  /** Resolves when the process is gone. */
  end(signal: "SIGKILL" | "SIGTERM"): Promise<void>;
}

/** Starts a kind of server on a port of 127.0.0.1, with its state in a directory. */
export type StartServer = (port: number, state: string) => ServerProcess;

/** The local region as `reliq local start` runs it with these flags; without an assembly, on what is in its state. */
export function startRegionWith(flags: readonly string[]): StartServer {
  return (port, state) => {
    const args = ["local", "start", "--port", String(port), "--state", state, ...flags];
    return start(port, ["packages/cli/bin/reliq.js", ...args]);
  };
}

/** The local region without an assembly. */
export const startLocalRegion: StartServer = startRegionWith([]);

/** The local region with what an assembly defines, and these flags of the command; it answers before all of it is there. */
export function startRegionOf(assembly: string, flags: readonly string[] = []): StartServer {
  return startRegionWith(["--assembly", assembly, ...flags]);
}

/** The console of a region, in a process of its own. */
export function startConsoleOf({ endpoint }: Pick<ServerProcess, "endpoint">): StartServer {
  return (port) =>
    start(port, ["packages/cli/bin/reliq.js", "console", "--endpoint", endpoint, "--console-port", String(port)]);
}

/** fauxqs with its state on disk and without its request log, which would slow it; its own command keeps the state in memory. */
export const startFauxqs: StartServer = (port, dataDir) => {
  const options = JSON.stringify({ port, dataDir, host: "127.0.0.1", logger: false });
  const script = `import { startFauxqs } from "fauxqs"; await startFauxqs(${options});`;
  return start(port, ["--input-type=module", "--eval", script]);
};

/** dynalite with its state on disk, and tables that are there at once. */
export const startDynalite: StartServer = (port, path) => {
  const options = JSON.stringify({ path, createTableMs: 0 });
  const script = `import dynalite from "dynalite"; dynalite(${options}).listen(${port}, "127.0.0.1");`;
  return start(port, ["--input-type=module", "--eval", script]);
};

/** A DynamoDB that says yes to everything. */
export const startStubDynamodb: StartServer = (port) => start(port, ["harness/stub-dynamodb-script.ts", String(port)]);

/** A proxy that adds latency to a server, milliseconds each way. */
export function startDelayProxy({ endpoint }: ServerProcess, delayMs: number): StartServer {
  const target = new URL(endpoint).port;
  return (port) => start(port, ["harness/delay-proxy-script.ts", String(port), target, String(delayMs)]);
}

/** Runs `work` with servers that answer, each on a free port and with an empty state, which goes when they end. */
export async function withServers<T>(
  kinds: readonly StartServer[],
  work: (servers: readonly ServerProcess[]) => Promise<T>,
): Promise<T> {
  const state = mkdtempSync(join(tmpdir(), "reliq-servers-"));
  const servers: ServerProcess[] = [];
  try {
    for (const [index, startKind] of kinds.entries()) {
      servers.push(startKind(await freePort(), join(state, String(index))));
    }
    await Promise.all(servers.map((each) => each.untilAnswering()));
    return await work(servers);
  } finally {
    await Promise.all(servers.map((each) => each.end("SIGTERM")));
    rmSync(state, { recursive: true, force: true });
  }
}

/**
 * A port of 127.0.0.1 that nothing listens on, below those that systems give to clients (32768 and up): a connection to it while
 * its server is down could otherwise be given that very port, and keep it from the server.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const probe = createServer();
    const free = await new Promise((resolve) => {
      probe.once("error", () => resolve(false)).listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
    });
    if (free) return port;
  }
}

function start(port: number, args: readonly string[]): ServerProcess {
  const began = performance.now();
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "inherit"] });
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const endpoint = `http://127.0.0.1:${port}`;
  const firstAnswer = async (): Promise<number> => {
    while (performance.now() - began < LONGEST_START_MS) {
      if (child.exitCode !== null || child.signalCode !== null) {
        throw new Error(`The server at ${endpoint} ended with ${child.exitCode ?? child.signalCode}.`);
      }
      if (await fetch(endpoint, { method: "POST" }).catch(() => undefined)) return performance.now() - began;
      await wait(5);
    }
    throw new Error(`The server at ${endpoint} does not answer.`);
  };
  let answering: Promise<number> | undefined;
  return {
    endpoint,
    pid: child.pid ?? 0,
    untilAnswering: () => {
      answering ??= firstAnswer();
      return answering;
    },
    end: async (signal) => {
      child.kill(signal);
      const patience = new AbortController();
      const timeout = wait(LONGEST_STOP_MS, undefined, patience).then(() => child.kill("SIGKILL"));
      await Promise.race([gone, timeout.catch(() => {})]);
      patience.abort();
      await gone;
    },
  };
}
