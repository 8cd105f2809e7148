import { readFileSync } from "node:fs";
import { functionOf, NO_PROC, processTree } from "../harness/processes.ts";

/** Milliseconds in a tick of Linux's account of processes. */
const TICK_MS = 10;

/** CPU time by what used it, milliseconds: `region`, each function by its name, and `ended` for processes that are gone. */
type CpuTimes = ReadonlyMap<string, number>;

/** Begins to count the CPU time of a region and of its functions; what it gives says what a request of so many cost since, and of how many processes, in words. Says nothing where the machine has no /proc. */
export function watchCpu(pid: number): (requests: number) => string {
  const before = readTimes(pid);
  return (requests) => {
    const costs = [...readTimes(pid)].map(([name, ms]) => {
      const each = (ms - (before.get(name) ?? 0)) / Math.max(1, requests);
      return [name, each] as const;
    });
    const all = costs.reduce((sum, [, ms]) => sum + ms, 0);
    const processes = Map.groupBy(processTree(pid), functionOf);
    const told = costs
      .filter(([, ms]) => ms >= 0.01)
      .map(
        ([name, ms]) => `${name} ${ms.toFixed(2)}${processes.has(name) ? ` of ${processes.get(name)?.length}` : ""}`,
      );
    return NO_PROC ? "" : `cpu ms a request ${all.toFixed(2)}: ${told.join(", ")}`;
  };
}

function readTimes(pid: number): CpuTimes {
  const times = new Map<string, number>();
  const add = (name: string, ticks: number): void => {
    times.set(name, (times.get(name) ?? 0) + ticks * TICK_MS);
  };
  for (const each of processTree(pid)) {
    const [own = 0, ofEnded = 0] = readTicks(each);
    add(each === pid ? "region" : (functionOf(each) ?? "others"), own);
    add("ended", ofEnded);
  }
  return times;
}

/** Its own ticks, and those of its children that have ended (proc_pid_stat(5), fields 14 to 17). */
function readTicks(pid: number): readonly number[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = stat
      .slice(stat.lastIndexOf(")") + 2)
      .split(" ")
      .slice(11, 15)
      .map(Number);
    return [user + system, endedUser + endedSystem];
  } catch {
    return [];
  }
}
