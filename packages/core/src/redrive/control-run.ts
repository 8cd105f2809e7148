import { ReliqError } from "../errors.ts";
import type { RecoverPorts } from "../recover-ports.ts";
import { freeQueue } from "./commit-step.ts";
import type { RedriveRun, RunState } from "./redrive-run.ts";

type ControlPorts = Pick<RecoverPorts, "now" | "store" | "wakeUps">;

/** How often a change is tried that others are in the way of: a run steps once a second at most. */
const MOST_TRIES = 10;

/**
 * Lets a run send nothing more until it is resumed; what it has sent is still looked after.
 * @throws ReliqError `run-unknown`, or `run-state` where it is not running
 */
export function pauseRun(id: string, by: string, ports: ControlPorts): Promise<RedriveRun> {
  return change(id, by, { to: "paused", from: ["running"] }, ports);
}

/**
 * Lets a paused run go on.
 * @throws ReliqError `run-unknown`, or `run-state` where it is not paused
 */
export function resumeRun(id: string, by: string, ports: ControlPorts): Promise<RedriveRun> {
  return change(id, by, { to: "running", from: ["paused"] }, ports);
}

/**
 * Ends a run: nothing more is sent, what is left stays where it is, and the queue can have another run.
 * @throws ReliqError `run-unknown`, or `run-state` where it has ended
 */
export function cancelRun(id: string, by: string, ports: ControlPorts): Promise<RedriveRun> {
  return change(id, by, { to: "cancelled", from: ["planning", "running", "paused"] }, ports);
}

interface Control {
  readonly to: RunState;
  readonly from: readonly RunState[];
}

async function change(id: string, by: string, { to, from }: Control, ports: ControlPorts): Promise<RedriveRun> {
  const { store, wakeUps, now } = ports;
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const run = await store.run(id);
    if (run === undefined) throw new ReliqError("run-unknown", `There is no run ${id}.`);
    if (run.state === to) return run;
    if (!from.includes(run.state)) {
      throw new ReliqError(
        "run-state",
        `The run ${id} is ${run.state}; it can be ${to} where it is ${from.join(" or ")}.`,
      );
    }
    const { waitingBecause: _, ...rest } = run;
    const after = { ...rest, state: to, version: run.version + 1, updatedAtMs: now(), wakeAtMs: now() };
    const answer = await store.commit({
      runs: [{ before: run, after }],
      ...(await freeQueue(run, after, store)),
      audit: { chain: run.queue, atMs: now(), by, action: `${run.kind}-${to}`, subjects: [id], details: {} },
    });
    if (answer === "conflict") continue;
    await wakeUps.add([{ wakeUp: { kind: "run", run: id }, afterSeconds: 0 }]);
    return after;
  }
  throw new ReliqError("run-changing", `The run ${id} changed under each of ${MOST_TRIES} tries: try again.`, {
    retryable: true,
  });
}
