import { ReliqError } from "../errors.ts";
import type { RecoverPorts } from "../recover-ports.ts";
import type { RedriveRun, RunOptions } from "./redrive-run.ts";
import { checkRun, type RunFilter } from "./run-options.ts";

/** How long after a start that was killed the run goes on by itself, seconds. */
const SAFETY_SECONDS = 60;

type StartPorts = Pick<RecoverPorts, "newId" | "now" | "store" | "wakeUps">;

/**
 * Starts a redrive of a queue's held messages: the queue's one run. It is planned, and goes on, by wake-ups.
 * @throws ReliqError `run-option`, `run-filter`; `run-exists` that names the run that the queue has
 */
export function startRedrive(
  filter: RunFilter,
  options: Partial<RunOptions>,
  by: string,
  ports: StartPorts,
): Promise<RedriveRun> {
  return startRun("redrive", filter, checkRun("redrive", filter, options), by, ports);
}

/**
 * Starts a replay of a queue's archived messages: the queue's one run.
 * @throws ReliqError `run-option`, `run-filter`; `run-exists` that names the run that the queue has
 */
export function startReplay(
  filter: RunFilter,
  options: Partial<RunOptions>,
  by: string,
  ports: StartPorts,
): Promise<RedriveRun> {
  return startRun("replay", filter, checkRun("replay", filter, options), by, ports);
}

/**
 * Starts a run under an id, or gives the run that has it: however often it is asked for, there is one.
 * @throws as `startRedrive` does
 */
export async function runNamed(
  id: string,
  kind: RedriveRun["kind"],
  filter: RunFilter,
  options: Partial<RunOptions>,
  by: string,
  ports: StartPorts,
): Promise<RedriveRun> {
  const complete = checkRun(kind, filter, options);
  const known = await ports.store.run(id);
  if (known) return known;
  return startRun(kind, filter, complete, by, { ...ports, newId: () => id }).catch(async (error: unknown) => {
    const started = await ports.store.run(id);
    if (started) return started;
    throw error;
  });
}

async function startRun(
  kind: RedriveRun["kind"],
  filter: RunFilter,
  options: RunOptions,
  by: string,
  { store, wakeUps, now, newId }: StartPorts,
): Promise<RedriveRun> {
  const { queue } = filter;
  const before = await store.queueRun(queue);
  if (before?.run !== undefined) throw exists(queue, before.run);
  const run = newRun(newId(), kind, filter, options, by, now());
  const wakeUp = { kind: "run", run: run.id } as const;
  // First of all, so that a start that is killed right after the commit is not a run that nobody carries on.
  await wakeUps.add([{ wakeUp, afterSeconds: SAFETY_SECONDS }]);
  const answer = await store.commit({
    runs: [{ before: undefined, after: run }],
    queueRuns: [{ before, after: { queue, run: run.id, version: (before?.version ?? 0) + 1 } }],
    audit: {
      chain: queue,
      atMs: now(),
      by,
      action: `${kind}-started`,
      subjects: [run.id],
      details: { filter, options },
    },
  });
  if (answer === "conflict") throw exists(queue, (await store.queueRun(queue))?.run ?? "that ended just now");
  await wakeUps.add([{ wakeUp, afterSeconds: 0 }]);
  return run;
}

function newRun(
  id: string,
  kind: RedriveRun["kind"],
  filter: RunFilter,
  options: RunOptions,
  by: string,
  nowMs: number,
): RedriveRun {
  return {
    id,
    kind,
    state: "planning",
    version: 1,
    queue: filter.queue,
    filter,
    options,
    by,
    startedAtMs: nowMs,
    updatedAtMs: nowMs,
    planned: 0,
    step: 0,
    from: 0,
    sent: 0,
    resolved: 0,
    relapsed: 0,
    skipped: 0,
    wakeAtMs: nowMs,
  };
}

function exists(queue: string, run: string): ReliqError {
  const fix = "wait for its end, or cancel it.";
  return new ReliqError("run-exists", `The queue ${queue} has a run already, ${run}: ${fix}`);
}
