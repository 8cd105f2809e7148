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

function environment(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8");
  } catch {
    return "";
  }
}
