import type { Measures } from "@reliq/aws/telemetry";
import type { LogLine } from "@reliq/core";
import type { FailedMessage, FailureStore, Transition } from "@reliq/core/recovery";
import { assess } from "./poison.ts";

/** A failure store that says of each death, once it is committed, how bad it is and what can help it: in the log, and counted as `PoisonMessages`. */
export function notedPoison(store: FailureStore, log: (line: LogLine) => void, measures: Measures): FailureStore {
  return {
    ...store,
    commit: async (change) => {
      const end = await store.commit(change);
      if (end === "committed")
        for (const { after } of (change.failures ?? []).filter(isDeath)) note(after, log, measures);
      return end;
    },
  };
}

function isDeath({ before, after }: Transition<FailedMessage>): boolean {
  return after.deaths > (before?.deaths ?? 0);
}

function note(failure: FailedMessage, log: (line: LogLine) => void, measures: Measures): void {
  const { id, groupId, rule, state, reason, changes } = failure;
  const assessment = assess(failure);
  const level = assessment.severity === "critical" ? "error" : "warn";
  const repairedBy = changes.filter(({ kind }) => kind === "repair").map(({ by }) => by);
  const why = { category: reason.category, message: reason.message };
  log({ level, event: "poison-message", failure: id, groupId, rule, state, ...assessment, ...why, repairedBy });
  measures([{ name: "PoisonMessages", value: 1, kind: "count", dimensions: { Severity: assessment.severity } }]);
}
