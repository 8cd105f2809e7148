import { wakeReleases } from "../quarantine/wake-releases.ts";
import type { RecoverPorts, Transition } from "../recover-ports.ts";
import type { FailedMessage, FailureState } from "./failed-message.ts";
import { inCommits } from "./in-commits.ts";

/** How one message of a change by a person ended. */
export type ChangeEnd =
  | { readonly id: string; readonly kind: "done" }
  /** Nothing of it has changed. */
  | { readonly id: string; readonly kind: "refused"; readonly because: string };

/** What a person does to messages. */
export interface Change {
  readonly by: string;
  /** As the audit calls it. */
  readonly action: string;
  readonly details: Readonly<Record<string, unknown>>;
  /** The states in which it can be done. */
  readonly from: readonly FailureState[];
  readonly to: FailureState;
}

/** Moves messages from one state to another, each with its audit; those that cannot be moved say why. One that is given twice is moved once. */
export async function changeMessages(
  ids: readonly string[],
  change: Change,
  ports: Pick<RecoverPorts, "now" | "store" | "wakeUps">,
): Promise<readonly ChangeEnd[]> {
  const ends = new Map<string, ChangeEnd>();
  const distinct = [...new Set(ids)];
  const found = await ports.store.failures(distinct);
  const wanted = found.flatMap((failure, index) => {
    const id = distinct[index] ?? "";
    const because = failure ? whyNot(failure, change) : "there is no such failed message";
    if (because !== undefined) ends.set(id, { id, kind: "refused", because });
    return failure && because === undefined ? [{ before: failure, after: moved(failure, change, ports.now()) }] : [];
  });
  for (const ofQueue of Map.groupBy(wanted, ({ after }) => after.queue).values()) {
    for (const some of inCommits(ofQueue)) {
      for (const end of await commitMoved(some, change, ports)) ends.set(end.id, end);
    }
  }
  return distinct.flatMap((id) => ends.get(id) ?? []);
}

function whyNot({ state }: FailedMessage, { from, action }: Change): string | undefined {
  return from.includes(state) ? undefined : `it is ${state}; it can be ${action} where it is ${from.join(" or ")}`;
}

function moved({ dueAtMs: _, asked: __, ...failure }: FailedMessage, { to }: Change, nowMs: number): FailedMessage {
  return { ...failure, state: to, version: failure.version + 1, updatedAtMs: nowMs };
}

/** One that has changed meanwhile keeps none of the others. */
async function commitMoved(
  failures: readonly Transition<FailedMessage>[],
  change: Change,
  ports: Pick<RecoverPorts, "now" | "store" | "wakeUps">,
): Promise<readonly ChangeEnd[]> {
  const [first] = failures;
  if (!first) return [];
  const { by, action, details } = change;
  const ids = failures.map(({ after }) => after.id);
  const answer = await ports.store.commit({
    failures,
    audit: { chain: first.after.queue, atMs: ports.now(), by, action, subjects: ids, details },
  });
  if (answer === "committed") {
    if (change.to === "discarded") {
      await wakeReleases(
        failures.map(({ after }) => after),
        ports,
      );
    }
    return ids.map((id) => ({ id, kind: "done" }));
  }
  if (failures.length === 1)
    return ids.map((id) => ({ id, kind: "refused", because: "it has just changed: look again" }));
  return (await Promise.all(failures.map((failure) => commitMoved([failure], change, ports)))).flat();
}
