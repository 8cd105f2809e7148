import type { FailedMessage } from "../failure/failed-message.ts";
import type { FailureGroup } from "../failure/failure-group.ts";
import { groupId } from "../failure/failure-group.ts";
import { inCommits } from "../failure/in-commits.ts";
import type { RecoverPorts, Transition } from "../recover-ports.ts";

const BECAUSE = "healing of its group is disarmed: too much of it relapsed";

/**
 * Holds healing messages of groups whose failure budget is spent, and marks these groups disarmed, with an alert. Who loses a
 * race leaves the message to the next look.
 */
export async function disarm(
  failures: readonly FailedMessage[],
  groups: readonly (FailureGroup | undefined)[],
  ports: RecoverPorts,
): Promise<void> {
  const known = new Map(groups.flatMap((group) => (group ? [[group.id, group] as const] : [])));
  for (const [id, ofGroup] of Map.groupBy(failures, groupOf)) {
    for (const some of inCommits(ofGroup)) await hold(some, id, known, ports);
  }
}

function groupOf({ queue, reason }: FailedMessage): string {
  return groupId(queue, reason.fingerprint);
}

/** Some of one group; where one of them was changed meanwhile, each on its own. */
async function hold(
  failures: readonly FailedMessage[],
  id: string,
  known: Map<string, FailureGroup>,
  ports: RecoverPorts,
): Promise<void> {
  const [first] = failures;
  if (!first) return;
  const { store, wakeUps, now } = ports;
  const atMs = now();
  const group = known.get(id);
  const armed = group?.healing === "armed" ? group : undefined;
  const disarmed = armed && { ...armed, healing: "disarmed" as const, version: armed.version + 1 };
  const committed = await store.commit({
    failures: failures.map((failure) => held(failure, atMs)),
    ...(disarmed && { groups: [{ before: armed, after: disarmed }] }),
    audit: {
      chain: first.queue,
      atMs,
      by: "reliq",
      action: "held",
      subjects: failures.map((failure) => failure.id),
      details: { because: BECAUSE },
    },
  });
  if (committed === "committed" && disarmed) {
    known.set(id, disarmed);
    await wakeUps.add([{ wakeUp: { kind: "alert", group: id }, afterSeconds: 0 }]);
  }
  if (committed === "conflict" && failures.length > 1) {
    const [changed] = await store.groups([id]);
    if (changed) known.set(id, changed);
    for (const failure of failures) await hold([failure], id, known, ports);
  }
}

function held(before: FailedMessage, atMs: number): Transition<FailedMessage> {
  const { dueAtMs: _, ...rest } = before;
  const after = { ...rest, state: "held" as const, because: BECAUSE, alert: true, updatedAtMs: atMs };
  return { before, after: { ...after, version: before.version + 1 } };
}
