import type { FailedMessage } from "../failure/failed-message.ts";
import type { TraceNode } from "./trace-tree.ts";

/** What recovery did with a message, as a span of its own: from its last death until it was sent again, or to what became of it. */
export function recoveryNode(failure: FailedMessage): TraceNode {
  const { lineage, state, rule, cause, reason, diedAtMs, requeuedAtMs, updatedAtMs, via, run, deaths } = failure;
  const sentAgain = requeuedAtMs !== undefined && requeuedAtMs >= diedAtMs;
  const how = sentAgain ? `sent again by ${via ?? "recovery"}${run === undefined ? "" : ` of run ${run}`}` : state;
  const died = { type: cause, message: `${reason.errorName}: ${reason.message}` };
  const isOpen = !sentAgain && (state === "held" || state === "healing");
  return {
    span: {
      traceId: "",
      id: `recovery ${failure.id} ${deaths}`,
      name: `recovery: ${how} (rule ${rule})`,
      startMs: Math.min(diedAtMs, requeuedAtMs ?? diedAtMs),
      ...(!isOpen && { endMs: sentAgain ? requeuedAtMs : Math.max(diedAtMs, updatedAtMs) }),
      annotations: { lineage },
      links: [],
      ...((isOpen || state === "archived" || state === "discarded") && { failure: died }),
    },
    children: [],
  };
}
