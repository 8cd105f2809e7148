import { ReliqError } from "../errors.ts";
import type { RecoverPorts } from "../recover-ports.ts";
import type { FailureGroup } from "./failure-group.ts";
import { acknowledged, armed, type IgnoredUntil, ignored, resolved } from "./group-life.ts";

type GroupPorts = Pick<RecoverPorts, "now" | "store">;

/** How often a change is tried that others are in the way of. */
const MOST_TRIES = 10;

/**
 * Says that somebody knows of a failure group.
 * @throws ReliqError `group-unknown`, or `group-change` where it is resolved
 */
export function acknowledgeGroup(id: string, by: string, ports: GroupPorts): Promise<FailureGroup> {
  return change(id, by, "group-acknowledged", {}, (group) => acknowledged(group, by), ports);
}

/**
 * Says that a failure group is over; with a version, deaths in older versions of the consumer do not bring it back.
 * @throws ReliqError `group-unknown`
 */
export function resolveGroup(id: string, by: string, ports: GroupPorts, version?: string): Promise<FailureGroup> {
  const details = version === undefined ? {} : { version };
  return change(id, by, "group-resolved", details, (group) => resolved(group, by, version), ports);
}

/**
 * Keeps a failure group quiet until a time or a number of deaths, whichever comes first.
 * @throws ReliqError `group-unknown`, or `group-change` without a condition that is still to come
 */
export function ignoreGroup(id: string, until: IgnoredUntil, by: string, ports: GroupPorts): Promise<FailureGroup> {
  return change(id, by, "group-ignored", { until }, (group) => ignored(group, by, until, ports.now()), ports);
}

/**
 * Heals a failure group's messages again after its failure budget was spent; the budget counts anew.
 * @throws ReliqError `group-unknown`
 */
export function armHealing(id: string, by: string, ports: GroupPorts): Promise<FailureGroup> {
  return change(id, by, "healing-armed", {}, armed, ports);
}

async function change(
  id: string,
  by: string,
  action: string,
  details: Readonly<Record<string, unknown>>,
  next: (group: FailureGroup) => FailureGroup,
  { store, now }: GroupPorts,
): Promise<FailureGroup> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const [before] = await store.groups([id]);
    if (!before) throw new ReliqError("group-unknown", `There is no failure group ${id}.`);
    const after = next(before);
    if (after === before) return before;
    const audit = { chain: before.queue, atMs: now(), by, action, subjects: [id], details };
    if ((await store.commit({ groups: [{ before, after }], audit })) === "committed") return after;
  }
  throw new ReliqError("group-changing", `The group ${id} changed under each of ${MOST_TRIES} tries: try again.`, {
    retryable: true,
  });
}
