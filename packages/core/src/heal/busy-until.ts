import type { FailedMessage } from "../failure/failed-message.ts";
import { resentKey } from "../idempotency/resent-key.ts";
import type { RecoverPorts } from "../recover-ports.ts";

/**
 * Until when the claims that earlier copies of these messages left behind are leased, milliseconds since the Unix epoch, in order; 0 where none is.
 * A copy that is sent before would be deferred, at the cost of a receive, and die of that.
 */
export async function busyUntil(
  failures: readonly FailedMessage[],
  { journal }: Pick<RecoverPorts, "journal">,
): Promise<readonly number[]> {
  const sentBefore = failures.filter(({ sends }) => sends > 0);
  if (sentBefore.length === 0) return failures.map(() => 0);
  const claims = await journal.read(sentBefore.map(({ queue, lineage }) => resentKey(queue, lineage)));
  const until = new Map(
    sentBefore.map((failure, index) => {
      const claim = claims[index];
      return [failure, claim?.state === "claimed" ? claim.leaseUntilMs : 0];
    }),
  );
  return failures.map((failure) => until.get(failure) ?? 0);
}
