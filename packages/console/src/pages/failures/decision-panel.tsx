import Container from "@cloudscape-design/components/container";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import Spinner from "@cloudscape-design/components/spinner";
import type { FailedMessage } from "@reliq/core/recovery";
import { type ReactElement, useState } from "react";
import { callApi } from "../../api/call-api.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { AnswerError } from "../../parts/answer-error.tsx";
import { Explained } from "../../parts/explained.tsx";

interface DecisionPanelProps {
  readonly system: string;
  readonly failure: Pick<FailedMessage, "id" | "version">;
}

/** Rule by rule, what the policy in force makes of a message; read when it is opened. */
export function DecisionPanel(props: DecisionPanelProps): ReactElement {
  const [open, setOpen] = useState(false);
  return (
    <Container>
      <ExpandableSection
        headerText="Which rule decided"
        headingTagOverride="h2"
        expanded={open}
        onChange={({ detail }) => setOpen(detail.expanded)}
      >
        {open && <Decision {...props} />}
      </ExpandableSection>
    </Container>
  );
}

function Decision({ system, failure: { id, version } }: DecisionPanelProps): ReactElement {
  const answered = useAnswer(`explain ${system} ${id} ${version}`, (signal) =>
    callApi(system, "explain-policy", { failure: id }, signal),
  );
  if (answered.error) return <AnswerError answered={answered} />;
  return answered.value ? <Explained explanation={answered.value} /> : <Spinner />;
}
