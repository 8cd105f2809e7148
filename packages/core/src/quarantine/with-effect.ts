import type { Consumer } from "../consumer.ts";
import { sequenceGroup } from "../order/sequence-group.ts";
import type { ConsumePorts } from "../ports.ts";
import type { Arrival } from "./plan-arrivals.ts";

/**
 * Which messages of a group, received again and not sent again, have had their effect at an earlier receive whose answer was lost: the group's
 * sequence has gone past them, which it does only in order while they are on their queue. Known for transactional effects.
 */
export async function withEffect<T>(
  { name, effect }: Consumer<T>,
  arrivals: readonly Arrival[],
  { journal }: Pick<ConsumePorts, "journal">,
): Promise<ReadonlySet<string>> {
  const retried = arrivals.filter(({ message, placed }) => message.receiveCount > 1 && !placed.resent);
  const [first] = retried;
  if (effect !== "transactional" || !first || !journal.lastSequences) return new Set();
  const { queue, groupId = "" } = first.message;
  const [last = ""] = await journal.lastSequences([sequenceGroup(name, queue, groupId)]);
  return new Set(retried.filter(({ placed }) => placed.place <= last).map(({ message }) => message.messageId));
}
