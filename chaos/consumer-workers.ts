import { type ChildProcess, fork } from "node:child_process";
import { setTimeout as wait } from "node:timers/promises";
import type { WorkerTask } from "./consumer-worker.ts";
import type { Random } from "./random.ts";

/** How many work at once. */
const WORKERS = 4;

/** How long until the next kill, milliseconds. */
const PAUSE_MS = { least: 300, most: 2_500 };

/** How long a worker may take to end once it is asked to, milliseconds. */
const LONGEST_STOP_MS = 45_000;

/** Worker processes, of which each that dies has a successor. */
export interface Workers {
  /** When each died that was killed or exited, milliseconds since the Unix epoch. */
  readonly deathsMs: ReadonlyMap<string, number>;
  /** Kills one after the other, until the signal is aborted. @throws an Error where a worker failed on its own */
  killUntil(signal: AbortSignal, random: Random): Promise<void>;
  /** Lets them end. @throws an Error where one does not */
  end(): Promise<void>;
}

export function startWorkers(task: Omit<WorkerTask, "worker">): Workers {
  const deathsMs = new Map<string, number>();
  const living = new Map<string, ChildProcess>();
  let failure: Error | undefined;
  let ending = false;
  const start = (place: number, life: number): void => {
    const worker = `${place}-${life}`;
    const child = fork(new URL("./consumer-worker.ts", import.meta.url), [JSON.stringify({ ...task, worker })]);
    living.set(worker, child);
    child.once("exit", (code) => {
      living.delete(worker);
      if (code) failure ??= new Error(`The worker ${worker} ended with ${code}.`);
      if (ending) return;
      deathsMs.set(worker, Date.now());
      if (!failure) start(place, life + 1);
    });
  };
  for (let place = 1; place <= WORKERS; place++) start(place, 1);
  return {
    deathsMs,
    killUntil: async (signal, random) => {
      while (!signal.aborted) {
        await wait(random.integer(PAUSE_MS.least, PAUSE_MS.most), undefined, { signal }).catch(() => {});
        if (failure) throw failure;
        if (!signal.aborted) [...living.values()][random.integer(0, WORKERS - 1)]?.kill("SIGKILL");
      }
    },
    end: async () => {
      ending = true;
      for (const child of living.values()) child.kill("SIGTERM");
      const latestMs = performance.now() + LONGEST_STOP_MS;
      while (living.size > 0 && performance.now() < latestMs) await wait(20);
      const stuck = [...living.keys()];
      for (const child of living.values()) child.kill("SIGKILL");
      if (stuck.length > 0) throw new Error(`The workers ${stuck.join(", ")} did not end.`);
      if (failure) throw failure;
    },
  };
}
