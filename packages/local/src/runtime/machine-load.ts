import { cpus } from "node:os";

/** How long is looked back, ms, at least. */
const LOOK_BACK_MS = 200;

/** A machine of whose cores less than this were idle has no time for one more process at work: it would take it from those that there are. */
const LEAST_IDLE_CORES = 1;

/** Processor time of all cores, by what it was for, ms. */
interface Spent {
  readonly idle: number;
  readonly all: number;
  readonly cores: number;
}

/** Watches the machine: what it gives says whether less than a whole core has been idle since the last look, which is taken as often as somebody asks, five times a second at most. */
export function watchMachine(
  read: () => Spent = readSpent,
  now: () => number = () => performance.now(),
): () => boolean {
  let before = read();
  let lookedAtMs = now();
  let isBusy = false;
  return () => {
    if (now() - lookedAtMs < LOOK_BACK_MS) return isBusy;
    const spent = read();
    const all = spent.all - before.all;
    isBusy = all > 0 && (spent.cores * (spent.idle - before.idle)) / all < LEAST_IDLE_CORES;
    before = spent;
    lookedAtMs = now();
    return isBusy;
  };
}

function readSpent(): Spent {
  let [idle, all] = [0, 0];
  const cores = cpus();
  for (const { times } of cores) {
    idle += times.idle;
    for (const ms of Object.values(times)) all += ms;
  }
  return { idle, all, cores: cores.length };
}
