import type { FailedMessage, FailureStore, StoreChange, Transition } from "@reliq/core/recovery";
import type { Measure, Measures } from "../telemetry/measures.ts";

/** A failure store that counts what became of failed messages: every deed of recovery is one commit, so none is counted twice. */
export function countedStore(store: FailureStore, measures: Measures): FailureStore {
  return {
    ...store,
    commit: async (change) => {
      const end = await store.commit(change);
      if (end === "committed") measures([...(change.failures ?? []).flatMap(countsOf), ...alertsIn(change)]);
      return end;
    },
  };
}

/** An alert counts once somebody was told. */
function alertsIn({ audit: { action, chain } }: StoreChange): readonly Measure[] {
  if (action !== "alert-sent") return [];
  return [{ name: "Alerts_Count", value: 1, kind: "count", dimensions: { Queue: chain } }];
}

function countsOf({ before, after }: Transition<FailedMessage>): readonly Measure[] {
  const names = [
    ...(after.deaths > (before?.deaths ?? 0) ? ["Captured_Count"] : []),
    ...(after.state === before?.state ? [] : NAMES[after.state](after)),
  ];
  const dimensions = { Queue: after.queue, Category: after.reason.category };
  return names.map((name): Measure => ({ name, value: 1, kind: "count", dimensions }));
}

const RUNS: Readonly<Record<string, readonly string[]>> = {
  redrive: ["Redriven_Count"],
  replay: ["Replayed_Count"],
};

const NAMES: Readonly<Record<FailedMessage["state"], (failure: FailedMessage) => readonly string[]>> = {
  archived: () => ["Archived_Count"],
  discarded: () => ["Discarded_Count"],
  healing: () => [],
  held: () => ["Held_Count"],
  requeued: ({ via }) => ["Requeued_Count", ...(RUNS[via ?? ""] ?? [])],
  // Healed is what was processed after it, not what was tried.
  resolved: ({ via }) => (via === "heal" ? ["Resolved_Count", "Auto_Healed_Count"] : ["Resolved_Count"]),
};
