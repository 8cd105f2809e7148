import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { Approval } from "@reliq/core/recovery";
import { type ReactElement, useState } from "react";
import { callApi, type Refused } from "../../api/call-api.ts";
import { ReasonModal } from "../../parts/reason-modal.tsx";
import { useTell } from "../../shell/notices.tsx";
import { useMay, useRegion } from "../../shell/region.tsx";

interface ApprovalActionsProps {
  readonly system: string;
  readonly approval: Approval;
  readonly onDone: () => void;
}

/** Approves what another person asked for, or refuses it; the API decides who may. */
export function ApprovalActions({ system, approval, onDone }: ApprovalActionsProps): ReactElement {
  const { id, by, state } = approval;
  const { user } = useRegion();
  const mayApprove = useMay("approver");
  const [busy, setBusy] = useState(false);
  const [asking, setAsking] = useState(false);
  const tell = useTell();
  const isOwn = by === user || by.endsWith(`/${user}`);
  const carryOut = async (decide: () => Promise<Approval>): Promise<void> => {
    setBusy(true);
    await decide()
      .then(({ state: now, outcome }) => tell(now === "failed" ? "warning" : "success", `It is ${now}`, outcome))
      .catch((error: Refused) => tell("error", "It was refused", error.message));
    setBusy(false);
    onDone();
  };
  const off = busy || !mayApprove || isOwn;
  const why = isOwn ? "Another person than who asked decides." : "To approve is for approvers.";
  const reason = !mayApprove || isOwn ? { disabledReason: why } : {};
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Button disabled={off || state !== "pending"} {...reason} onClick={() => setAsking(true)}>
        Refuse
      </Button>
      <Button
        variant="primary"
        disabled={off || (state !== "pending" && state !== "approved")}
        {...reason}
        onClick={() => carryOut(() => callApi(system, "approve-approval", { approval: id }))}
      >
        Approve
      </Button>
      {asking && (
        <ReasonModal
          header="Refuse it?"
          says="Nothing is done. Who asked sees why, and the audit keeps it."
          action="Refuse"
          onCancel={() => setAsking(false)}
          onReason={(said) => {
            setAsking(false);
            void carryOut(() => callApi(system, "refuse-approval", { approval: id, reason: said }));
          }}
        />
      )}
    </SpaceBetween>
  );
}
