import type { FailedMessage } from "../failure/failed-message.ts";
import type { Judged } from "./judge-all.ts";

type Ordered = Pick<FailedMessage, "capturedAtMs" | "id" | "sequenceNumber">;

/** Orders failed messages: by sequence where they have one, else by their first death. */
export function olderFirst(a: Ordered, b: Ordered): number {
  const [left, right] = [a.sequenceNumber ?? "", b.sequenceNumber ?? ""];
  if (left !== right) return left < right ? -1 : 1;
  return a.capturedAtMs - b.capturedAtMs || (a.id < b.id ? -1 : 1);
}

/**
 * Puts judged messages, older first, into the order of a plan: first what is sent. FIFO groups take turns, each in its own
 * sequence, so that one large group does not keep the others waiting.
 */
export function orderPlan(judged: readonly Judged[]): readonly Judged[] {
  const turns = new Map<string, number>();
  const safe = judged
    .filter(({ verdict }) => verdict === "safe")
    .map((each) => {
      const { groupId } = each.failure;
      const turn = groupId === undefined ? 0 : (turns.get(groupId) ?? 0);
      if (groupId !== undefined) turns.set(groupId, turn + 1);
      return { each, turn };
    })
    .sort((a, b) => a.turn - b.turn);
  return [...safe.map(({ each }) => each), ...judged.filter(({ verdict }) => verdict !== "safe")];
}
