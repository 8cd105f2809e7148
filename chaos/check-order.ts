import type { History, Operation, Violation } from "./history.ts";

/**
 * A FIFO group gives its messages in the order of their sends: a message is delivered only when every earlier one of its group
 * was deleted, or comes before it in the same receive. A message that was lost is no case of this.
 */
export function checkOrder({ operations, fifoQueues }: History): readonly Violation[] {
  const places = placesOf(operations);
  const deletedMs = firstDeletesOf(operations);
  return fifoQueues.flatMap((queue) => {
    const waiting = groupsOf(queue, operations, places, deletedMs);
    return operations.flatMap((operation) => {
      if (operation.type !== "receive" || operation.queue !== queue) return [];
      const given = new Set<string>();
      return operation.messages.flatMap(({ id }) => {
        given.add(id);
        const group = waiting.get(places.get(id)?.name ?? "") ?? [];
        while (group[0] !== undefined && (deletedMs.get(group[0]) ?? 0) < operation.endedMs) group.shift();
        const overtaken = group.slice(0, group.indexOf(id) + 1).find((each) => {
          return !given.has(each) && (deletedMs.get(each) ?? 0) >= operation.endedMs;
        });
        if (overtaken === undefined) return [];
        return [{ kind: "outOfOrder", evidence: `${id} of ${queue} was delivered before ${overtaken}` } as const];
      });
    });
  });
}

interface Place {
  readonly name: string;
  readonly place: number;
}

function placesOf(operations: readonly Operation[]): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  for (const each of operations) if (each.type === "send" && each.group) places.set(each.id, each.group);
  return places;
}

/** When the first delete of each message began that may have been carried out, by the id of the message. */
function firstDeletesOf(operations: readonly Operation[]): ReadonlyMap<string, number> {
  const ids = new Map<string, string>();
  const deletedMs = new Map<string, number>();
  for (const each of operations) {
    if (each.type === "receive") for (const { id, messageId } of each.messages) ids.set(messageId, id);
    if (each.type !== "delete" || each.outcome.kind === "refused") continue;
    const id = ids.get(each.messageId) ?? "";
    deletedMs.set(id, Math.min(each.startedMs, deletedMs.get(id) ?? Number.POSITIVE_INFINITY));
  }
  return deletedMs;
}

/** The messages of each group that were delivered and deleted, in the order of their sends. */
function groupsOf(
  queue: string,
  operations: readonly Operation[],
  places: ReadonlyMap<string, Place>,
  deletedMs: ReadonlyMap<string, number>,
): ReadonlyMap<string, string[]> {
  const ids = new Set<string>();
  for (const each of operations) {
    if (each.type !== "receive" || each.queue !== queue) continue;
    for (const { id } of each.messages) if (places.has(id) && deletedMs.has(id)) ids.add(id);
  }
  const inOrder = [...ids].sort((a, b) => (places.get(a)?.place ?? 0) - (places.get(b)?.place ?? 0));
  return Map.groupBy(inOrder, (id) => places.get(id)?.name ?? "");
}
