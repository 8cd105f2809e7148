import type { FailedMessage, FailureStore, Transition } from "@reliq/core/recovery";
import type { Measure, Measures } from "../telemetry/measures.ts";

/** A failure store that counts what became of failed messages: every deed of recovery is one commit, so none is counted twice. */
export function countedStore(store: FailureStore, measures: Measures): FailureStore {
  return {
    ...store,
    commit: async (change) => {
      const end = await store.commit(change);
      if (end === "committed") measures((change.failures ?? []).flatMap(countsOf));
      return end;
    },
  };
}

function countsOf({ before, after }: Transition<FailedMessage>): readonly Measure[] {
  const names = [
    ...(after.deaths > (before?.deaths ?? 0) ? ["Captured_Count"] : []),
    ...(after.state === before?.state ? [] : NAMES[after.state](after)),
  ];
  const dimensions = { Queue: after.queue, Category: after.reason.category };
  return names.map((name): Measure => ({ name, value: 1, kind: "count", dimensions }));
}

const NAMES: Readonly<Record<FailedMessage["state"], (failure: FailedMessage) => readonly string[]>> = {
  archived: () => ["Archived_Count"],
  discarded: () => ["Discarded_Count"],
  healing: () => [],
  held: () => ["Held_Count"],
  requeued: () => ["Requeued_Count"],
  // Healed is what was processed after it, not what was tried.
  resolved: ({ via }) => (via === "heal" ? ["Resolved_Count", "Auto_Healed_Count"] : ["Resolved_Count"]),
};
