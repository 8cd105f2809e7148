import type { FailureGroup } from "../failure/failure-group.ts";
import type { RecoverPorts } from "../recover-ports.ts";
import type { Alert, AlertState } from "./alert-state.ts";
import { nextAnnouncement } from "./next-announcement.ts";

/** How many failed messages an alert names. */
const SAMPLES = 3;

/**
 * Tells people what there is to tell of a group, if anything, and looks again when its window ends. Killed between the telling
 * and its record, it is told again under the same id.
 */
export async function announce(groupId: string, windowSeconds: number, ports: RecoverPorts): Promise<void> {
  const { store, wakeUps, now } = ports;
  const [[group], state] = await Promise.all([store.groups([groupId]), store.alert(groupId)]);
  if (!group) return;
  const next = nextAnnouncement(group, state, windowSeconds * 1_000, now());
  if (next.kind === "nothing") return;
  if (next.kind === "wait") return state?.sendingUntilMs === undefined ? undefined : lookAt(group, next.untilMs, ports);
  if (next.kind === "tell") {
    const audit = {
      chain: group.queue,
      atMs: now(),
      by: "reliq",
      action: "alerted",
      subjects: [groupId],
      details: { kind: next.what, count: next.count },
    };
    const committed = await store.commit({ alerts: [{ before: state, after: next.before }], audit });
    if (committed === "conflict") return;
  }
  const told = next.kind === "tell" ? next.before : state;
  if (!told) return;
  await ports.alerts.send(await alertOf(group, told, next.what, next.count, ports));
  const audit = {
    chain: group.queue,
    atMs: now(),
    by: "reliq",
    action: "alert-sent",
    subjects: [groupId],
    details: {},
  };
  // Before the record says that it was told: killed in between, nobody else would look when the window ends.
  if (next.after.state === "open") {
    await wakeUps.add([{ wakeUp: { kind: "alert", group: groupId }, afterSeconds: windowSeconds }]);
  }
  await store.commit({ alerts: [{ before: told, after: next.after }], audit });
}

function lookAt({ id }: FailureGroup, atMs: number, { wakeUps, now }: RecoverPorts): Promise<void> {
  const afterSeconds = Math.max(1, Math.ceil((atMs - now()) / 1_000));
  return wakeUps.add([{ wakeUp: { kind: "alert", group: id }, afterSeconds }]);
}

async function alertOf(
  group: FailureGroup,
  { openedAtMs, announcedDeaths }: AlertState,
  kind: Alert["kind"],
  count: number,
  { store }: RecoverPorts,
): Promise<Alert> {
  const { id, queue, fingerprint, category, severity, errorName, message, firstSeenAtMs, lastSeenAtMs, deaths } = group;
  const { failures } = await store.listFailures({ filter: { queue, fingerprint }, limit: SAMPLES });
  return {
    kind,
    group: id,
    queue,
    title: titleOf(group, kind, count),
    count,
    total: deaths,
    category,
    severity,
    errorName,
    message,
    firstSeenAtMs,
    lastSeenAtMs,
    samples: failures.map((failure) => failure.id),
    id: `${id}@${openedAtMs}:${kind}:${announcedDeaths}`,
  };
}

function titleOf({ queue, errorName, deaths }: FailureGroup, kind: Alert["kind"], count: number): string {
  switch (kind) {
    case "failures":
      return `${queue}: ${count} ${count === 1 ? "message" : "messages"} failed with ${errorName}`;
    case "healing-disarmed":
      return `${queue}: healing of ${errorName} is disarmed, too much of it failed again`;
    case "all-clear":
      return `${queue}: no more ${errorName}, after ${deaths} in all`;
  }
}
