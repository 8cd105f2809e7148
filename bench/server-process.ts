import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

/** A server under test, in a process of its own, with its state on disk. */
export interface ServerProcess {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** The local region, as `reliq local start` runs it. */
export function startLocalRegion(): Promise<ServerProcess> {
  return startServer((port, state) => [
    "packages/cli/bin/reliq.js",
    "local",
    "start",
    "--port",
    String(port),
    "--state",
    state,
  ]);
}

/** fauxqs with its state on disk and without its request log, which would slow it; its own command keeps the state in memory. */
export function startFauxqs(): Promise<ServerProcess> {
  return startServer((port, dataDir) => {
    const options = JSON.stringify({ port, dataDir, host: "127.0.0.1", logger: false });
    return ["--input-type=module", "--eval", `import { startFauxqs } from "fauxqs"; await startFauxqs(${options});`];
  });
}

async function startServer(argumentsFor: (port: number, state: string) => readonly string[]): Promise<ServerProcess> {
  const state = mkdtempSync(join(tmpdir(), "reliq-bench-"));
  const port = await freePort();
  const child = spawn(process.execPath, argumentsFor(port, state), { stdio: ["ignore", "ignore", "inherit"] });
  const endpoint = `http://127.0.0.1:${port}`;
  await untilAnswering(endpoint, child);
  return {
    endpoint,
    stop: async () => {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await Promise.race([ended, wait(3_000).then(() => child.kill("SIGKILL"))]);
      rmSync(state, { recursive: true, force: true });
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

async function untilAnswering(endpoint: string, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (child.exitCode !== null) throw new Error(`The server at ${endpoint} ended with ${child.exitCode}.`);
    const answer = await fetch(endpoint, { method: "POST" }).catch(() => undefined);
    if (answer) return;
    await wait(50);
  }
  throw new Error(`The server at ${endpoint} does not answer.`);
}
