import { findCandidates, findOthers } from "./find-candidates.ts";
import { type FactPorts, gatherFacts } from "./gather-facts.ts";
import { type Judged, judgeAll } from "./judge-all.ts";
import { orderPlan } from "./order-plan.ts";
import type { RedriveRun, RunOptions, Verdict } from "./redrive-run.ts";
import { checkRun, RUN_STATE, type RunFilter } from "./run-options.ts";

/** What a run would do. */
export interface RunPlan {
  readonly kind: RedriveRun["kind"];
  readonly filter: RunFilter;
  readonly options: RunOptions;
  /** In the order in which they are sent; those that are not sent follow. */
  readonly messages: readonly PlannedMessage[];
  readonly counts: Readonly<Record<Verdict, number>>;
  /** Whether the filter matches more than the run takes. */
  readonly more: boolean;
}

/** One message of a plan, with what a run would do with it and why. */
export interface PlannedMessage {
  readonly failure: string;
  readonly fingerprint: string;
  /** FIFO queues. */
  readonly messageGroup?: string;
  readonly verdict: Verdict;
  /** In words, with the value that decided. */
  readonly because: string;
}

/**
 * Says what a redrive of a queue's held messages would do, message by message; it changes nothing.
 * @throws ReliqError `run-option` or `run-filter`
 */
export function planRedrive(filter: RunFilter, options: Partial<RunOptions>, ports: FactPorts): Promise<RunPlan> {
  return planRun("redrive", filter, checkRun("redrive", filter, options), ports);
}

/**
 * Says what a replay of a queue's archived messages would do, message by message, their objects' hashes checked; it changes
 * nothing, and never lists the bucket.
 * @throws ReliqError `run-option` or `run-filter`
 */
export function planReplay(filter: RunFilter, options: Partial<RunOptions>, ports: FactPorts): Promise<RunPlan> {
  return planRun("replay", filter, checkRun("replay", filter, options), ports);
}

/** Plans a run whose filter and options are checked: a dry run shows what this gives, and a run carries it out. */
export async function planRun(
  kind: RedriveRun["kind"],
  filter: RunFilter,
  options: RunOptions,
  ports: FactPorts,
): Promise<RunPlan> {
  const { store, now } = ports;
  const found = await findCandidates({ ...filter, state: RUN_STATE[kind] }, options.maxMessages, store);
  const others = await findOthers(filter.queue, found.failures, store);
  const records = await store.failures(found.failures.map(({ id }) => id));
  const facts = await gatherFacts(
    kind,
    records.flatMap((record) => record ?? []),
    ports,
  );
  const messages = orderPlan(judgeAll(facts, others, options, now())).map(planned);
  return { kind, filter, options, messages, counts: countVerdicts(messages), more: found.more };
}

function planned({ failure, verdict, because }: Judged): PlannedMessage {
  const { id, groupId, reason } = failure;
  const messageGroup = groupId === undefined ? {} : { messageGroup: groupId };
  return { failure: id, fingerprint: reason.fingerprint, ...messageGroup, verdict, because };
}

function countVerdicts(messages: readonly PlannedMessage[]): Record<Verdict, number> {
  const counts: Record<Verdict, number> = {
    safe: 0,
    "already-done": 0,
    "in-quarantine": 0,
    overtaken: 0,
    "too-young": 0,
    "heals-exhausted": 0,
    unsendable: 0,
    "schema-invalid": 0,
  };
  for (const { verdict } of messages) counts[verdict] += 1;
  return counts;
}
