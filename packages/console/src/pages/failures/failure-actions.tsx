import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { ChangeEnd, FailureSummary } from "@reliq/core/recovery";
import { type ReactElement, useState } from "react";
import { callApi, type Refused } from "../../api/call-api.ts";
import { ReasonModal } from "../../parts/reason-modal.tsx";
import { tellRefused } from "../../parts/tell-refused.ts";
import { useTell } from "../../shell/notices.tsx";
import { useMay } from "../../shell/region.tsx";

interface FailureActionsProps {
  readonly system: string;
  readonly failures: readonly Pick<FailureSummary, "id" | "state">[];
  readonly onDone: () => void;
}

/** What can be done with failed messages: heal them now, keep them for a person, or give them up. */
export function FailureActions({ system, failures, onDone }: FailureActionsProps): ReactElement {
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const tell = useTell();
  const mayOperate = useMay("operator");
  const mayApprove = useMay("approver");
  const ids = failures.map(({ id }) => id);
  const carryOut = async (
    done: string,
    change: () => Promise<{ readonly ends: readonly ChangeEnd[] }>,
  ): Promise<void> => {
    setBusy(true);
    await change()
      .then(({ ends }) => tellEnds(ends, done, tell))
      .catch((error: Refused) => tellRefused(error, tell));
    setBusy(false);
    onDone();
  };
  const none = failures.length === 0;
  const can = (...states: readonly string[]): boolean => !none && failures.every(({ state }) => states.includes(state));
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Button
        disabled={busy || !mayOperate || !can("held")}
        onClick={() => carryOut("sent to the queue", () => callApi(system, "heal-failures", { failures: ids }))}
      >
        Heal now
      </Button>
      <Button
        disabled={busy || !mayOperate || !can("healing", "archived")}
        onClick={() => carryOut("held", () => callApi(system, "hold-failures", { failures: ids }))}
      >
        Hold
      </Button>
      <Button
        disabled={busy || !mayApprove || !can("held", "archived", "healing")}
        {...(!mayApprove && { disabledReason: "Giving messages up is for approvers." })}
        onClick={() => setAsking(true)}
      >
        Discard
      </Button>
      {asking && (
        <ReasonModal
          header={ids.length === 1 ? "Give this message up?" : `Give ${ids.length} messages up?`}
          says="It is not sent again, and a replay does not find it. The audit keeps who gave it up, and why."
          action="Discard"
          onCancel={() => setAsking(false)}
          onReason={(reason) => {
            setAsking(false);
            void carryOut("discarded", () => callApi(system, "discard-failures", { failures: ids, reason }));
          }}
        />
      )}
    </SpaceBetween>
  );
}

function tellEnds(ends: readonly ChangeEnd[], done: string, tell: ReturnType<typeof useTell>): void {
  const refused = ends.flatMap((end) => (end.kind === "refused" ? [end.because] : []));
  const count = ends.length - refused.length;
  if (count > 0) tell("success", `${count === 1 ? "The message is" : `${count} messages are`} ${done}`);
  if (refused.length > 0) {
    tell("warning", `${refused.length} could not be ${done}`, [...new Set(refused)].slice(0, 3).join("; "));
  }
}
