import type { FailedMessage } from "../failure/failed-message.ts";
import type { RecoverPorts } from "../recover-ports.ts";

/** Reminds recovery of the groups of messages that are over, since others may be held behind them. */
export async function wakeReleases(
  failures: readonly Pick<FailedMessage, "groupId" | "queue" | "sequenceNumber">[],
  { wakeUps }: Pick<RecoverPorts, "wakeUps">,
): Promise<void> {
  const groups = new Map(
    failures.flatMap(({ queue, groupId: group, sequenceNumber }) =>
      group === undefined || sequenceNumber === undefined
        ? []
        : [[`${queue} ${group}`, { kind: "release", queue, group, round: 0 } as const]],
    ),
  );
  if (groups.size === 0) return;
  await wakeUps.add([...groups.values()].map((wakeUp) => ({ wakeUp, afterSeconds: 0 })));
}
