import { cpuTimes, functionOf, NO_PROC, processTree } from "../harness/processes.ts";

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
  const add = (name: string, ms: number): void => {
    times.set(name, (times.get(name) ?? 0) + ms);
  };
  for (const each of processTree(pid)) {
    const { ownMs, endedMs } = cpuTimes(each);
    add(each === pid ? "region" : (functionOf(each) ?? "others"), ownMs);
    add("ended", endedMs);
  }
  return times;
}
