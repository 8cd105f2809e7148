import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import type { FailureDetail } from "@reliq/core/recovery";
import { type ReactElement, useState } from "react";
import { callApi } from "../../api/call-api.ts";
import { type Answered, useAnswer } from "../../api/use-answer.ts";
import { useRevision } from "../../live/live.tsx";
import { usePlace } from "../../navigation/place.ts";
import { AnswerError } from "../../parts/answer-error.tsx";
import { FailureStateIndicator } from "../../parts/failure-state.tsx";
import { PageLayout } from "../../parts/page-layout.tsx";
import { useMay } from "../../shell/region.tsx";
import { AttemptList } from "./attempt-list.tsx";
import { CauseOfDeathPanel } from "./cause-of-death-panel.tsx";
import { ContentPanel } from "./content-panel.tsx";
import { DecisionPanel } from "./decision-panel.tsx";
import { EditModal } from "./edit-modal.tsx";
import { FailureActions } from "./failure-actions.tsx";
import { HoldGroupButton } from "./hold-group-button.tsx";
import { TracePanel } from "./trace-panel.tsx";

/** One failed message: why it died, what was decided, what it holds, and what is to become of it. */
export function FailurePage(): ReactElement {
  const { path } = usePlace();
  const [, system = "", id = ""] = path;
  const revision = useRevision(system);
  const answered = useAnswer(
    `failure ${system} ${id}`,
    (signal) => callApi(system, "get-failure", { failure: id }, signal),
    revision,
  );
  const { value, error } = answered;
  return (
    <SpaceBetween size="l">
      <AnswerError answered={answered} />
      {value && <FailureContent system={system} detail={value} answered={answered} />}
      {!value && !error && <Spinner size="large" />}
    </SpaceBetween>
  );
}

interface FailureContentProps {
  readonly system: string;
  readonly detail: FailureDetail;
  readonly answered: Answered<FailureDetail>;
}

function FailureContent({ system, detail, answered }: FailureContentProps): ReactElement {
  const { failure } = detail;
  const [editing, setEditing] = useState(false);
  const mayOperate = useMay("operator");
  return (
    <PageLayout
      title={failure.lineage}
      description={failure.queue}
      info={<FailureStateIndicator state={failure.state} />}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          {failure.groupId !== undefined && <HoldGroupButton system={system} failure={failure} />}
          <FailureActions system={system} failures={[failure]} onDone={answered.reload} />
          <Button variant="primary" disabled={!mayOperate || failure.state !== "held"} onClick={() => setEditing(true)}>
            Edit and retry
          </Button>
        </SpaceBetween>
      }
    >
      <CauseOfDeathPanel system={system} failure={failure} />
      <DecisionPanel system={system} failure={failure} />
      <AttemptList attempts={detail.attempts} />
      <TracePanel detail={detail} />
      <ContentPanel key={failure.version} system={system} detail={detail} />
      {editing && (
        <EditModal
          system={system}
          detail={detail}
          onClose={() => {
            setEditing(false);
            answered.reload();
          }}
        />
      )}
    </PageLayout>
  );
}
