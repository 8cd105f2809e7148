import { isFifo } from "../order/is-fifo.ts";
import type { EntryOutcome } from "./outcome-of.ts";
import type { Pace } from "./pace.ts";
import type { RedriveRun, RunEntry } from "./redrive-run.ts";

/** What a step is decided from. */
export interface StepInput {
  readonly run: RedriveRun;
  /** The run's entries from `from` on, in order: all that are sent, and as many planned ones as a step may send at once. */
  readonly entries: readonly RunEntry[];
  /** What became of each entry's message, by failure. */
  readonly outcomes: ReadonlyMap<string, EntryOutcome>;
  readonly pace: Pace;
  readonly nowMs: number;
}

/** What a step comes to. Nothing of it is so before it is committed. */
export interface RunStep {
  readonly run: RedriveRun;
  /** Entries that change. */
  readonly changed: readonly RunEntry[];
  /** Entries to send now, in this order. */
  readonly send: readonly RunEntry[];
  /** When to look again; none: there is nothing more to wait for. */
  readonly wakeAfterSeconds?: number;
}

/** The first and the longest wait for outcomes, seconds; and how long a run waits for its consumer to do better. */
const FIRST_LOOK_SECONDS = 2;
const LONGEST_LOOK_SECONDS = 60;
const HOLD_SECONDS = 30;

/**
 * Decides a run's next step: outcomes are counted; one message that died again stops the run, whatever its fingerprint; once all
 * outcomes of a step of the ramp are known, the next one begins; of it as much is sent as the pace allows, and of a FIFO group
 * one message at a time.
 */
export function stepRun({ run, entries, outcomes, pace, nowMs }: StepInput): RunStep {
  const settled = entries.map((entry) => settle(entry, outcomes.get(entry.failure), run.step));
  const changed = settled.filter((entry, index) => entry !== entries[index]);
  const counted = countChanges(run, entries, settled);
  const outstanding = settled.filter(({ state }) => state === "sent");
  if (run.state !== "running") return waitFor(counted, changed, outstanding, nowMs);
  const relapse = changed.find(({ state }) => state === "relapsed");
  if (relapse) {
    const stoppedBecause = describeRelapse(relapse, outcomes.get(relapse.failure));
    return waitFor(ended(counted, { state: "stopped", stoppedBecause }), changed, outstanding, nowMs);
  }
  const stepped = nextStep(counted, settled, outstanding);
  const send = pickSends(stepped, settled, outstanding, pace);
  if (send.length > 0) {
    const afterSeconds = Math.max(1, Math.ceil(send.length / pace.ratePerSecond));
    return { run: withoutWait(stepped), changed, send, wakeAfterSeconds: afterSeconds };
  }
  if (outstanding.length > 0) return waitFor(withoutWait(stepped), changed, outstanding, nowMs);
  if (!settled.some(({ state }) => state === "planned"))
    return { run: ended(stepped, { state: "done" }), changed, send };
  const waitingBecause = pace.because ?? "the pace is 0";
  return { run: { ...stepped, waitingBecause }, changed, send, wakeAfterSeconds: HOLD_SECONDS };
}

/** Counts entries that change in a run; `from` moves up to the first that is not over. */
export function countChanges(run: RedriveRun, before: readonly RunEntry[], after: readonly RunEntry[]): RedriveRun {
  const turned = (fits: (entry: RunEntry) => boolean): number =>
    after.filter((entry, index) => fits(entry) && !fits(before[index] ?? entry)).length;
  const first = after.find(({ state }) => state === "planned" || state === "sent");
  return {
    ...run,
    sent: run.sent + turned(wasSent),
    resolved: run.resolved + turned(({ state }) => state === "resolved"),
    relapsed: run.relapsed + turned(({ state }) => state === "relapsed"),
    skipped: run.skipped + turned(({ state }) => state === "skipped"),
    from: first?.position ?? (after.at(-1)?.position ?? run.from - 1) + 1,
  };
}

/** A planned entry whose record says that it was sent: a step that was killed, or whose commit was lost, has sent it. */
function settle(entry: RunEntry, outcome: EntryOutcome | undefined, step: number): RunEntry {
  if (outcome === undefined || (entry.state !== "planned" && entry.state !== "sent")) return entry;
  const sent = { ...entry, step: entry.step ?? step };
  switch (outcome.kind) {
    case "not-sent":
      return entry;
    case "waiting":
      return entry.state === "sent" ? entry : { ...sent, state: "sent" };
    case "resolved":
    case "relapsed":
      return { ...sent, state: outcome.kind };
  }
}

function wasSent({ state }: RunEntry): boolean {
  return state === "sent" || state === "resolved" || state === "relapsed";
}

function nextStep(run: RedriveRun, entries: readonly RunEntry[], outstanding: readonly RunEntry[]): RedriveRun {
  return outstanding.length > 0 || left(run, entries) > 0 ? run : { ...run, step: run.step + 1 };
}

/** How many messages the run may still send in the step that it is in. */
function left({ options: { ramp }, step }: RedriveRun, entries: readonly RunEntry[]): number {
  const size = ramp[Math.min(step, ramp.length - 1)] ?? 1;
  return size - entries.filter((entry) => entry.step === step).length;
}

function pickSends(
  run: RedriveRun,
  entries: readonly RunEntry[],
  outstanding: readonly RunEntry[],
  { ratePerSecond }: Pace,
): readonly RunEntry[] {
  if (ratePerSecond <= 0) return [];
  const most = Math.min(left(run, entries), Math.max(1, Math.floor(ratePerSecond)));
  const planned = entries.filter(({ state }) => state === "planned").slice(0, Math.max(0, most));
  if (!isFifo(run.queue)) return planned;
  const busy = new Set(outstanding.map(({ messageGroup }) => messageGroup));
  const end = planned.findIndex(({ messageGroup }) => {
    const isBusy = busy.has(messageGroup);
    busy.add(messageGroup);
    return isBusy;
  });
  return end < 0 ? planned : planned.slice(0, end);
}

function ended(run: RedriveRun, end: Pick<RedriveRun, "state" | "stoppedBecause">): RedriveRun {
  return { ...withoutWait(run), ...end };
}

function withoutWait({ waitingBecause: _, ...run }: RedriveRun): RedriveRun {
  return run;
}

/** The longer nothing changes, the longer the next look can wait. */
function waitFor(
  run: RedriveRun,
  changed: readonly RunEntry[],
  outstanding: readonly RunEntry[],
  nowMs: number,
): RunStep {
  if (outstanding.length === 0) return { run, changed, send: [] };
  const quietSeconds = changed.length > 0 ? 0 : (nowMs - run.updatedAtMs) / 1_000;
  const wait = Math.min(LONGEST_LOOK_SECONDS, Math.max(FIRST_LOOK_SECONDS, Math.ceil(quietSeconds / 2)));
  return { run, changed, send: [], wakeAfterSeconds: wait };
}

function describeRelapse({ failure, fingerprint }: RunEntry, outcome: EntryOutcome | undefined): string {
  if (outcome?.kind !== "relapsed" || outcome.fingerprint === fingerprint) {
    return `${failure} died again of what it had died of (${fingerprint})`;
  }
  return `${failure} died again, of something else (${outcome.fingerprint}, before ${fingerprint})`;
}
