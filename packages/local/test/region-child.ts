import { type ChildProcess, type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";

/** A region in a process of its own, so that a test can kill it. */
export interface RegionChild {
  readonly child: ChildProcess;
  readonly endpoint: string;
}

interface RegionChildOptions {
  readonly assembly?: string;
  readonly jumps?: boolean;
}

/** Starts the process; it prints a line as it begins, and `ready <endpoint>` once the region answers. */
export function spawnRegion(
  stateDirectory: string,
  { assembly = "", jumps = false }: RegionChildOptions = {},
): ChildProcessByStdio<null, Readable, null> {
  const script = fileURLToPath(new URL("./region-process.ts", import.meta.url));
  const args = ["--conditions=@reliq/source", script, stateDirectory, assembly, ...(jumps ? ["jumps"] : [])];
  return spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
}

/** Starts a region in a process of its own, and resolves once it answers. */
export async function startRegionChild(stateDirectory: string, options?: RegionChildOptions): Promise<RegionChild> {
  const child = spawnRegion(stateDirectory, options);
  for await (const line of createInterface({ input: child.stdout })) {
    const endpoint = /^ready (.*)$/.exec(line)?.[1];
    if (endpoint) return { child, endpoint };
  }
  throw new Error("The region did not start.");
}

/** Kills a process as nothing can refuse, and resolves when it is gone. */
export async function killProcess(child: ChildProcess | undefined): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}
