import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { WorkerTask } from "./consumer-worker.ts";
import type { Random } from "./random.ts";

/** How many work at once. */
const WORKERS = 4;

const WORKER = fileURLToPath(new URL("./consumer-worker.ts", import.meta.url));

/** How long all of them work until the next kill, at most, milliseconds. */
const LONGEST_PEACE_MS = 6_000;

/** The share of the kills that come while another worker may still be starting. */
const KILLS_AT_START = 0.2;

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
  // Starting again and again is most of the work otherwise.
  const env = { ...process.env, NODE_COMPILE_CACHE: join(task.directory, "compiled") };
  const deathsMs = new Map<string, number>();
  const living = new Map<string, ChildProcess>();
  const working = new Set<string>();
  let failure: Error | undefined;
  let ending = false;
  const start = (place: number, life: number): void => {
    const worker = `${place}-${life}`;
    const child = fork(WORKER, [JSON.stringify({ ...task, worker })], { env });
    living.set(worker, child);
    child.once("message", () => working.add(worker));
    child.once("exit", (code) => {
      living.delete(worker);
      working.delete(worker);
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
        const atStart = random.chance(KILLS_AT_START);
        while (!atStart && working.size < WORKERS && !signal.aborted && !failure) await wait(20);
        await wait(random.integer(0, LONGEST_PEACE_MS), undefined, { signal }).catch(() => {});
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
