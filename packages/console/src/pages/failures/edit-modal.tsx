import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import type { ApiAnswers, FailureDetail } from "@reliq/core/recovery";
import { type ReactElement, useState } from "react";
import { callApi, type Refused } from "../../api/call-api.ts";
import { layOutJson } from "../../format/lay-out-json.ts";
import { tellRefused } from "../../parts/tell-refused.ts";
import { useTell } from "../../shell/notices.tsx";

const MASKED = " Where a mask is left in its place, the value behind it stays.";

interface EditModalProps {
  readonly system: string;
  readonly detail: FailureDetail;
  readonly onClose: () => void;
}

/** Changes a held message's body, and sends it: checked against its consumer's schema, with what the producer sent kept beside it. */
export function EditModal({ system, detail, onClose }: EditModalProps): ReactElement {
  const { failure } = detail;
  const before = layOutJson(detail.body) ?? detail.body;
  const [body, setBody] = useState(before);
  const [refused, setRefused] = useState<string>();
  const [busy, setBusy] = useState(false);
  const tell = useTell();
  const save = async (send: boolean): Promise<void> => {
    setBusy(true);
    setRefused(undefined);
    const changed = body === before ? {} : { body };
    await callApi(system, "edit-failure", { failure: failure.id, version: failure.version, send, ...changed })
      .then((edited) => {
        tellEdited(edited, tell);
        onClose();
      })
      .catch((error: Refused) => {
        if (error.code !== "approval-needed") return setRefused(error.message);
        tellRefused(error, tell);
        onClose();
      });
    setBusy(false);
  };
  return (
    <Modal
      visible
      size="large"
      header="Edit and retry"
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              Cancel
            </Button>
            <Button disabled={busy} onClick={() => save(false)}>
              Save only
            </Button>
            <Button variant="primary" loading={busy} onClick={() => save(true)}>
              Save and retry
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {detail.bodyCut && (
          <Alert type="warning">Only the beginning of this body is here: edit it with `reliq failures edit`.</Alert>
        )}
        <FormField
          stretch
          label="Body"
          description={`What the producer sent is kept; the audit keeps what you change.${detail.masked ? MASKED : ""}`}
          {...(refused !== undefined && { errorText: refused })}
        >
          <Textarea
            value={body}
            rows={16}
            spellcheck={false}
            disabled={detail.bodyCut}
            onChange={({ detail: { value } }) => setBody(value)}
          />
        </FormField>
      </SpaceBetween>
    </Modal>
  );
}

function tellEdited(
  { diff, sent, notSentBecause }: ApiAnswers["edit-failure"],
  tell: ReturnType<typeof useTell>,
): void {
  const changed = diff.length === 0 ? "Nothing was changed" : diff.join("; ");
  if (notSentBecause !== undefined) tell("warning", "It is saved, but not on its way", notSentBecause);
  else tell("success", sent ? "The message is on its way to its queue" : "The message is changed", changed);
}
