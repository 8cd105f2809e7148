import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** A command that ended. */
export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** A `reliq` command that runs. */
export interface Running {
  readonly child: ChildProcess;
  /** All that it printed so far. */
  readonly output: () => string;
  readonly ended: Promise<Ended>;
}

/** Starts `reliq` as a person would, without colours; `as` names the person, and `cwd` is where they are. */
export function startReliq(
  args: readonly string[],
  { as, cwd = "." }: { as?: string | undefined; cwd?: string } = {},
): Running {
  const child = spawn(process.execPath, [resolve("packages/cli/bin/reliq.js"), ...args], {
    cwd,
    env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined, ...(as !== undefined && { AWS_ACCESS_KEY_ID: as }) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<Ended>((resolve) => child.once("close", (code) => resolve({ code, output })));
  return { child, output: () => output, ended };
}

/** Runs a `reliq` command to its end. */
export function reliq(...args: string[]): Promise<Ended> {
  return startReliq(args).ended;
}

/** Runs `work` with a directory that is removed after it. */
export async function withDirectory<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), "reliq-journey-"));
  try {
    return await work(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
