import Box from "@cloudscape-design/components/box";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { type ReactElement, useState } from "react";
import { ConfirmModal } from "./confirm-modal.tsx";

interface ReasonModalProps {
  readonly header: string;
  readonly says: string;
  /** What the button says. */
  readonly action: string;
  readonly onCancel: () => void;
  readonly onReason: (reason: string) => void;
}

/** Asks why, before something is done that needs a reason. */
export function ReasonModal({ header, says, action, onCancel, onReason }: ReasonModalProps): ReactElement {
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const submit = (): void => {
    setTried(true);
    if (reason.trim() !== "") onReason(reason.trim());
  };
  return (
    <ConfirmModal header={header} action={action} onCancel={onCancel} onConfirm={submit}>
      <SpaceBetween size="m">
        <Box variant="p">{says}</Box>
        <FormField label="Reason" {...(tried && reason.trim() === "" && { errorText: "Say why: the audit keeps it." })}>
          <Input
            autoFocus
            value={reason}
            onChange={({ detail }) => setReason(detail.value)}
            onKeyDown={({ detail }) => detail.key === "Enter" && submit()}
          />
        </FormField>
      </SpaceBetween>
    </ConfirmModal>
  );
}
