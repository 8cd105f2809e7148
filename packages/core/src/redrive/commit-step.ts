import type { RecoverPorts, StoreChange } from "../recover-ports.ts";
import type { RedriveRun, RunEntry } from "./redrive-run.ts";
import type { RunStep } from "./step-run.ts";

/** Commits a step whole and sets the next wake-up; false where the run has changed since it was read. */
export async function commitStep(
  run: RedriveRun,
  entries: readonly RunEntry[],
  { run: decided, changed, wakeAfterSeconds }: RunStep,
  { store, wakeUps, now }: RecoverPorts,
): Promise<boolean> {
  const nowMs = now();
  if (changed.length > 0 || JSON.stringify(decided) !== JSON.stringify(run)) {
    const { wakeAtMs: _, ...rest } = decided;
    const wakes = wakeAfterSeconds === undefined ? {} : { wakeAtMs: nowMs + wakeAfterSeconds * 1_000 };
    const after = { ...rest, ...wakes, version: run.version + 1, updatedAtMs: nowMs };
    const before = new Map(entries.map((entry) => [entry.position, entry]));
    const answer = await store.commit({
      runs: [{ before: run, after }],
      entries: changed.map((entry) => ({ before: before.get(entry.position), after: entry })),
      ...(await freeQueue(run, after, store)),
      audit: auditOf(run, after, nowMs),
    });
    if (answer === "conflict") return false;
  }
  const wakeUp = { kind: "run", run: run.id } as const;
  if (wakeAfterSeconds !== undefined) await wakeUps.add([{ wakeUp, afterSeconds: wakeAfterSeconds }]);
  return true;
}

/** What a run that has just ended gives back: its queue can have the next one. */
export async function freeQueue(
  before: RedriveRun,
  after: RedriveRun,
  store: RecoverPorts["store"],
): Promise<Pick<StoreChange, "queueRuns">> {
  if (!isOngoing(before) || isOngoing(after)) return {};
  const has = await store.queueRun(before.queue);
  if (has?.run !== before.id) return {};
  return { queueRuns: [{ before: has, after: { queue: has.queue, version: has.version + 1 } }] };
}

/** Whether a run can still send something. */
function isOngoing({ state }: RedriveRun): boolean {
  return state === "planning" || state === "running" || state === "paused";
}

function auditOf(before: RedriveRun, after: RedriveRun, atMs: number): StoreChange["audit"] {
  const { id, kind, queue, state, step, sent, resolved, relapsed, skipped, stoppedBecause, waitingBecause } = after;
  const action = before.state === state ? `${kind}-stepped` : `${kind}-${state}`;
  const details = { step, sent, resolved, relapsed, skipped };
  const because = stoppedBecause ?? waitingBecause;
  return {
    chain: queue,
    atMs,
    by: "reliq",
    action,
    subjects: [id],
    details: { ...details, ...(because !== undefined && { because }) },
  };
}
