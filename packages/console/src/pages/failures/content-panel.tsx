import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import Tabs from "@cloudscape-design/components/tabs";
import type { ContentChange, FailureDetail, MessageContent } from "@reliq/core/recovery";
import { type ReactElement, useState } from "react";
import { callApi, type Refused } from "../../api/call-api.ts";
import { formatBytes } from "../../format/bytes.ts";
import { inertText } from "../../format/inert.ts";
import { formatTime } from "../../format/time.ts";
import { CodeView } from "../../parts/code-view.tsx";
import { useTell } from "../../shell/notices.tsx";

interface ContentPanelProps {
  readonly system: string;
  readonly detail: FailureDetail;
}

/** What a message holds: its body and attributes, what was changed in it, and what its producer sent. */
export function ContentPanel({ system, detail }: ContentPanelProps): ReactElement {
  const { failure } = detail;
  const { changes, original } = failure;
  return (
    <Container
      header={
        <Header variant="h2" description={`${formatBytes(failure.bodyBytes)}${maskedText(detail)}`}>
          Content
        </Header>
      }
    >
      <Tabs
        ariaLabel="Content of the message"
        tabs={[
          { id: "body", label: "Body", content: <BodyView system={system} detail={detail} /> },
          {
            id: "attributes",
            label: `Attributes (${Object.keys(failure.attributes).length})`,
            content: <AttributesView attributes={failure.attributes} />,
          },
          ...(changes.length === 0
            ? []
            : [{ id: "changes", label: `Changes (${changes.length})`, content: <ChangesView changes={changes} /> }]),
          ...(original === undefined
            ? []
            : [
                {
                  id: "original",
                  label: "As it was sent",
                  content: <CodeView text={original.body} label="Body as it was sent" />,
                },
              ]),
        ]}
      />
    </Container>
  );
}

function maskedText({ masked = [] }: FailureDetail): string {
  return masked.length === 0 ? "" : `. Masked for your role: values of ${masked.join(", ")}`;
}

/** The body; of a large one its beginning, until the whole is asked for. */
function BodyView({ system, detail }: ContentPanelProps): ReactElement {
  const [whole, setWhole] = useState<string>();
  const [busy, setBusy] = useState(false);
  const tell = useTell();
  const read = async (): Promise<void> => {
    setBusy(true);
    await callApi(system, "get-failure", { failure: detail.failure.id, whole: true })
      .then(({ body }) => setWhole(body))
      .catch((error: Refused) => tell("error", "The body could not be read", error.message));
    setBusy(false);
  };
  const isCut = detail.bodyCut && whole === undefined;
  return (
    <>
      {isCut && (
        <Alert
          action={
            <Button loading={busy} onClick={read}>
              Read the whole body
            </Button>
          }
        >
          This is the beginning of {formatBytes(detail.failure.bodyBytes)}.
        </Alert>
      )}
      <CodeView text={whole ?? detail.body} label="Body" />
    </>
  );
}

function AttributesView({ attributes }: Pick<MessageContent, "attributes">): ReactElement {
  if (Object.keys(attributes).length === 0) return <Box color="text-body-secondary">It has none.</Box>;
  return <CodeView text={JSON.stringify(attributes)} label="Attributes" />;
}

function ChangesView({ changes }: { readonly changes: readonly ContentChange[] }): ReactElement {
  return (
    <ol className="attempts">
      {changes.map(({ kind, by, atMs, diff }) => (
        <li key={atMs}>
          <Box variant="awsui-key-label">
            {kind === "repair" ? "Repaired by" : "Edited by"} {by}
          </Box>
          <Box color="text-body-secondary" fontSize="body-s">
            {formatTime(atMs)}
          </Box>
          <pre className="code">{inertText(diff.join("\n"))}</pre>
        </li>
      ))}
    </ol>
  );
}
