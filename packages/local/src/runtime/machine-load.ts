import { cpus } from "node:os";

/** How long is looked back, ms, at least. */
const LOOK_BACK_MS = 200;

/** A machine whose processors were idle for less than this share has no time left. */
const LEAST_IDLE_SHARE = 0.1;

/** Processor time of all cores, by what it was for, ms. */
interface Spent {
  readonly idle: number;
  readonly all: number;
}

/** Watches the machine: what it gives says whether it has had next to no idle time since the last look, which is taken as often as somebody asks, five times a second at most. */
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
    isBusy = all > 0 && (spent.idle - before.idle) / all < LEAST_IDLE_SHARE;
    before = spent;
    lookedAtMs = now();
    return isBusy;
  };
}

function readSpent(): Spent {
  let [idle, all] = [0, 0];
  for (const { times } of cpus()) {
    idle += times.idle;
    for (const ms of Object.values(times)) all += ms;
  }
  return { idle, all };
}
