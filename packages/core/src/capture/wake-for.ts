import type { FailedMessage } from "../failure/failed-message.ts";
import { groupId } from "../failure/failure-group.ts";
import { wakeReleases } from "../quarantine/wake-releases.ts";
import type { RecoverPorts, WakeUp } from "../recover-ports.ts";
import type { EndedLetter } from "./sort-letters.ts";

interface Later {
  readonly wakeUp: WakeUp;
  readonly afterSeconds: number;
}

/**
 * Reminds recovery of what was decided: heals when they are due, and alerts now. A copy of a known death reminds again, since
 * whoever captured it first may have been killed before it could.
 */
export async function wakeFor(ended: readonly EndedLetter[], ports: RecoverPorts): Promise<void> {
  const failures = ended.flatMap(({ end }) => ("failure" in end ? [end.failure] : []));
  const alerts = new Set(
    failures.filter(({ alert }) => alert).map(({ queue, reason }) => groupId(queue, reason.fingerprint)),
  );
  const later: Later[] = [
    ...sendsOf(failures, ports.now()),
    ...[...alerts].map((group): Later => ({ wakeUp: { kind: "alert", group }, afterSeconds: 0 })),
  ];
  if (later.length > 0) await ports.wakeUps.add(later);
  await wakeReleases(
    failures.filter(({ state }) => state === "archived"),
    ports,
  );
}

/** Those that are due within the same second share a reminder. */
function sendsOf(failures: readonly FailedMessage[], nowMs: number): readonly Later[] {
  const healing = failures.filter(({ state }) => state === "healing");
  const bySecond = Map.groupBy(healing, ({ dueAtMs = nowMs }) => Math.max(0, Math.ceil((dueAtMs - nowMs) / 1_000)));
  return [...bySecond].map(([afterSeconds, due]) => ({
    wakeUp: { kind: "send", failures: due.map(({ id, sends }) => ({ id, sends })) },
    afterSeconds,
  }));
}
