import Container from "@cloudscape-design/components/container";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import type { FailedMessage } from "@reliq/core/recovery";
import { type ReactElement, useState } from "react";
import { callApi } from "../../api/call-api.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { inertText } from "../../format/inert.ts";
import { AnswerError } from "../../parts/answer-error.tsx";
import { Explained } from "../../parts/explained.tsx";

interface DecisionPanelProps {
  readonly system: string;
  readonly failure: FailedMessage;
}

/** Which rule decided on a message and on what evidence; rule by rule where that is opened. */
export function DecisionPanel({ system, failure }: DecisionPanelProps): ReactElement {
  const { rule, because, alert, reason, evidence, cause, deaths, heals } = failure;
  const [open, setOpen] = useState(false);
  return (
    <Container
      header={
        <Header variant="h2" description={inertText(because)}>
          Which rule decided
        </Header>
      }
    >
      <SpaceBetween size="m">
        <KeyValuePairs
          columns={4}
          minColumnWidth={200}
          items={[
            { label: "Rule", value: inertText(rule) },
            { label: "It saw", value: `${reason.category}, ${cause}, death ${deaths}, heal ${heals}` },
            { label: "Its evidence", value: <span className="break-anywhere">{inertText(evidence)}</span> },
            { label: "A person", value: alert ? "is told" : "is not told" },
          ]}
        />
        <ExpandableSection
          headerText="Rule by rule"
          headerDescription="What the policy in force makes of its last death."
          expanded={open}
          onChange={({ detail }) => setOpen(detail.expanded)}
        >
          {open && <Decision system={system} failure={failure} />}
        </ExpandableSection>
      </SpaceBetween>
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
