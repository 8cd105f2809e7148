import type { FailedMessage } from "../failure/failed-message.ts";
import type { FailureGroup } from "../failure/failure-group.ts";
import { groupId } from "../failure/failure-group.ts";
import type { RecoverPorts } from "../recover-ports.ts";

/**
 * Holds healing messages of groups whose failure budget is spent, and marks these groups disarmed, with an alert. Who loses a
 * race leaves the message to the next look.
 */
export async function disarm(
  failures: readonly FailedMessage[],
  groups: readonly (FailureGroup | undefined)[],
  { store, wakeUps, now }: RecoverPorts,
): Promise<void> {
  const known = new Map(groups.flatMap((group) => (group ? [[group.id, group] as const] : [])));
  for (const failure of failures) {
    const id = groupId(failure.queue, failure.reason.fingerprint);
    const group = known.get(id);
    const atMs = now();
    const { dueAtMs: _, ...rest } = failure;
    const because = "healing of its group is disarmed: too much of it relapsed";
    const after: FailedMessage = {
      ...rest,
      state: "held",
      version: failure.version + 1,
      because,
      alert: true,
      updatedAtMs: atMs,
    };
    const armed = group?.healing === "armed" ? group : undefined;
    const committed = await store.commit({
      failures: [{ before: failure, after }],
      ...(armed && {
        groups: [{ before: armed, after: { ...armed, healing: "disarmed", version: armed.version + 1 } }],
      }),
      audit: { chain: failure.queue, atMs, by: "reliq", action: "held", subjects: [failure.id], details: { because } },
    });
    if (committed === "committed" && armed) {
      known.set(id, { ...armed, healing: "disarmed", version: armed.version + 1 });
      await wakeUps.add([{ wakeUp: { kind: "alert", group: id }, afterSeconds: 0 }]);
    }
  }
}
