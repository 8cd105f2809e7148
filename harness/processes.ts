import { existsSync, readFileSync } from "node:fs";

/** Why tests that look for processes are skipped, where the machine has no /proc. */
export const NO_PROC: string | false = existsSync("/proc/self/task")
  ? false
  : "this machine has no /proc to find processes in";

/** A process and all that it started, directly or not, the outermost first. */
export function processTree(pid: number): readonly number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean);
    return [pid, ...children.flatMap((child) => processTree(Number(child)))];
  } catch {
    return [];
  }
}

/** The processes of a tree that run a function whose name begins so. */
export function functionProcesses(pid: number, name: string): readonly number[] {
  return processTree(pid).filter((each) => functionOf(each)?.startsWith(name));
}

/** The name of the function that a process runs; undefined where it runs none. */
export function functionOf(pid: number): string | undefined {
  return /(?:^|\0)AWS_LAMBDA_FUNCTION_NAME=([^\0]*)/.exec(environment(pid))?.[1];
}

/** Milliseconds in a tick of Linux's account of processes. */
const TICK_MS = 10;

/** The CPU time of a process, and that of its children that have ended, milliseconds (proc_pid_stat(5), fields 14 to 17); 0 of one that is gone. */
export function cpuTimes(pid: number): { readonly ownMs: number; readonly endedMs: number } {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = stat
      .slice(stat.lastIndexOf(")") + 2)
      .split(" ")
      .slice(11, 15)
      .map(Number);
    return { ownMs: (user + system) * TICK_MS, endedMs: (endedUser + endedSystem) * TICK_MS };
  } catch {
    return { ownMs: 0, endedMs: 0 };
  }
}

function environment(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8");
  } catch {
    return "";
  }
}
