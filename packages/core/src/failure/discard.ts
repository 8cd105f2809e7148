import type { RecoverPorts, Transition } from "../recover-ports.ts";
import type { FailedMessage } from "./failed-message.ts";

/** How one message of a change by a person ended. */
export type ChangeEnd =
  | { readonly id: string; readonly kind: "done" }
  /** Nothing of it has changed. */
  | { readonly id: string; readonly kind: "refused"; readonly because: string };

/** The most records of one commit. */
const MOST_RECORDS = 20;

/**
 * Gives messages up, for a reason that the audit keeps. What is on its way back to its queue cannot be given up, and what has been
 * processed need not.
 */
export async function discard(
  ids: readonly string[],
  reason: string,
  by: string,
  ports: Pick<RecoverPorts, "now" | "store">,
): Promise<readonly ChangeEnd[]> {
  const ends = new Map<string, ChangeEnd>();
  const found = await ports.store.failures(ids);
  const wanted = found.flatMap((failure, index) => {
    const id = ids[index] ?? "";
    const because = failure ? whyKept(failure) : "there is no such failed message";
    if (because !== undefined) ends.set(id, { id, kind: "refused", because });
    return failure && because === undefined ? [{ before: failure, after: discarded(failure, ports.now()) }] : [];
  });
  for (const ofQueue of Map.groupBy(wanted, ({ after }) => after.queue).values()) {
    for (let start = 0; start < ofQueue.length; start += MOST_RECORDS) {
      const some = ofQueue.slice(start, start + MOST_RECORDS);
      for (const end of await commitDiscarded(some, reason, by, ports)) ends.set(end.id, end);
    }
  }
  return ids.map((id) => ends.get(id) ?? { id, kind: "refused", because: "it was given twice" });
}

function whyKept({ state }: FailedMessage): string | undefined {
  switch (state) {
    case "archived":
    case "healing":
    case "held":
      return undefined;
    case "discarded":
    case "requeued":
    case "resolved":
      return `it is ${state}; held, healing and archived messages can be discarded`;
  }
}

function discarded({ dueAtMs: _, ...failure }: FailedMessage, nowMs: number): FailedMessage {
  return { ...failure, state: "discarded", version: failure.version + 1, updatedAtMs: nowMs };
}

/** One that has changed meanwhile keeps none of the others. */
async function commitDiscarded(
  failures: readonly Transition<FailedMessage>[],
  reason: string,
  by: string,
  ports: Pick<RecoverPorts, "now" | "store">,
): Promise<readonly ChangeEnd[]> {
  const [first] = failures;
  if (!first) return [];
  const ids = failures.map(({ after }) => after.id);
  const answer = await ports.store.commit({
    failures,
    audit: { chain: first.after.queue, atMs: ports.now(), by, action: "discarded", subjects: ids, details: { reason } },
  });
  if (answer === "committed") return ids.map((id) => ({ id, kind: "done" }));
  if (failures.length === 1)
    return ids.map((id) => ({ id, kind: "refused", because: "it has just changed: look again" }));
  return (await Promise.all(failures.map((failure) => commitDiscarded([failure], reason, by, ports)))).flat();
}
