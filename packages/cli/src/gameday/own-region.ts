import { spawn } from "node:child_process";
import { CommandError } from "../command-error.ts";

/** A region in a process of its own, which ends with this one. */
export interface OwnRegion {
  readonly endpoint: string;
  readonly pid: number;
  readonly stop: () => Promise<void>;
}

/** How long a region may take to end when it is asked to, milliseconds; then it is killed. */
const LONGEST_STOP_MS = 10_000;

/** Starts a region with an assembly on a free port, its state in a folder; its time can jump. @throws CommandError with what it printed, where it does not start */
export async function startOwnRegion(assembly: string, state: string): Promise<OwnRegion> {
  const args = ["local", "start", "--jumps", "--port", "0", "--assembly", assembly, "--state", state];
  const child = spawn(process.execPath, [...process.execArgv, process.argv[1] ?? "", ...args], {
    env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined },
    // The channel tells it of the end of this process.
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    // Ctrl-C in the terminal is for this process, which then stops it.
    detached: process.platform !== "win32",
  });
  let printed = "";
  const gone = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const ready = new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      printed += chunk.toString();
      const endpoint = /http:\/\/127\.0\.0\.1:\d+/.exec(printed)?.[0];
      if (endpoint !== undefined && printed.includes("Ready in")) resolve(endpoint);
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    void gone.then(() => reject(new CommandError(`The region of the game day did not start:\n${printed.trim()}`)));
  });
  const endpoint = await ready;
  child.channel?.unref();
  const stop = async (): Promise<void> => {
    child.kill("SIGTERM");
    const patience = setTimeout(() => child.kill("SIGKILL"), LONGEST_STOP_MS);
    await gone;
    clearTimeout(patience);
  };
  return { endpoint, pid: child.pid ?? 0, stop };
}
