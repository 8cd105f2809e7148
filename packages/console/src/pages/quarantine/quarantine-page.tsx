import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import Table from "@cloudscape-design/components/table";
import type { QuarantineDetail } from "@reliq/core/recovery";
import { type ReactElement, useState } from "react";
import { callApi, type Refused } from "../../api/call-api.ts";
import { type Answered, useAnswer } from "../../api/use-answer.ts";
import { inertText } from "../../format/inert.ts";
import { formatTime } from "../../format/time.ts";
import { useRevision } from "../../live/live.tsx";
import { hrefOf, usePlace } from "../../navigation/place.ts";
import { AnswerError } from "../../parts/answer-error.tsx";
import { Empty } from "../../parts/empty.tsx";
import { FailureStateIndicator } from "../../parts/failure-state.tsx";
import { InlineLink } from "../../parts/inline-link.tsx";
import { Moment } from "../../parts/moment.tsx";
import { PageLayout } from "../../parts/page-layout.tsx";
import { ReasonModal } from "../../parts/reason-modal.tsx";
import { useTell } from "../../shell/notices.tsx";
import { useMay } from "../../shell/region.tsx";
import { PhaseIndicator } from "./quarantines-page.tsx";

/** One message group: what it waits for, and what waits in it. */
export function QuarantinePage(): ReactElement {
  const { path } = usePlace();
  const [, system = "", id = ""] = path;
  const answered = useAnswer(
    `quarantine ${system} ${id}`,
    (signal) => callApi(system, "get-quarantine", { quarantine: id }, signal),
    useRevision(system),
  );
  return (
    <SpaceBetween size="l">
      <AnswerError answered={answered} />
      {answered.value && <QuarantineContent system={system} id={id} detail={answered.value} answered={answered} />}
      {!answered.value && !answered.error && <Spinner size="large" />}
    </SpaceBetween>
  );
}

interface QuarantineContentProps {
  readonly system: string;
  readonly id: string;
  readonly detail: QuarantineDetail;
  readonly answered: Answered<QuarantineDetail>;
}

function QuarantineContent({ system, id, detail, answered }: QuarantineContentProps): ReactElement {
  const { mark, behind, messages } = detail;
  return (
    <PageLayout
      title={inertText(mark.group)}
      description={mark.queue}
      info={<PhaseIndicator phase={mark.phase} />}
      actions={<QuarantineActions system={system} id={id} detail={detail} onDone={answered.reload} />}
    >
      <Container header={<Header variant="h2">What it waits for</Header>}>
        <KeyValuePairs columns={4} minColumnWidth={180} items={factsOf(system, detail)} />
      </Container>
      <Table
        trackBy="place"
        wrapLines
        items={messages}
        ariaLabels={{ tableLabel: "Messages that wait" }}
        header={
          <Header variant="h2" counter={`(${behind})`} description="In their order; the first 100 are shown.">
            Messages that wait
          </Header>
        }
        empty={<Empty>Nothing waits behind it.</Empty>}
        columnDefinitions={[
          { id: "lineage", header: "Message", isRowHeader: true, cell: ({ lineage }) => lineage },
          { id: "sent", header: "Accepted", cell: ({ sentAtMs }) => formatTime(sentAtMs) },
          { id: "aside", header: "Set aside", cell: ({ setAsideAtMs }) => <Moment atMs={setAsideAtMs} /> },
          { id: "body", header: "Body", cell: ({ body }) => inertText(body).slice(0, 120) },
        ]}
      />
    </PageLayout>
  );
}

function factsOf(
  system: string,
  { mark, failure, behind }: QuarantineDetail,
): { label: string; value: ReactElement | string }[] {
  const waits = failure
    ? [
        {
          label: "Failed message",
          value: <InlineLink href={hrefOf(["failures", system, failure.id])}>{failure.lineage}</InlineLink>,
        },
        { label: "It is", value: <FailureStateIndicator state={failure.state} /> },
        { label: "Why it died", value: inertText(`${failure.reason.errorName}: ${failure.reason.message}`) },
      ]
    : [{ label: "Failed message", value: mark.front?.lineage ?? "none" }];
  return [
    ...waits,
    { label: "Waiting behind", value: String(behind) },
    { label: "Since", value: mark.phase === "free" ? "-" : <Moment atMs={mark.sinceMs} /> },
    { label: "Set aside, sent again, ever", value: `${mark.setAside}, ${mark.sent}` },
  ];
}

interface QuarantineActionsProps {
  readonly system: string;
  readonly id: string;
  readonly detail: QuarantineDetail;
  readonly onDone: () => void;
}

function QuarantineActions({ system, id, detail, onDone }: QuarantineActionsProps): ReactElement {
  const [asking, setAsking] = useState(false);
  const mayOperate = useMay("operator");
  const mayApprove = useMay("approver");
  const tell = useTell();
  const carryOut = async (
    said: (after: QuarantineDetail) => string,
    call: () => Promise<QuarantineDetail>,
  ): Promise<void> => {
    setAsking(false);
    await call()
      .then((after) => tell("success", said(after)))
      .catch((error: Refused) => tell("error", "It was refused", error.message));
    onDone();
  };
  const release = (): Promise<void> =>
    carryOut(
      ({ mark }) =>
        mark.phase === "held" ? "The group still waits: its failed message is not over" : "The group goes on",
      () => callApi(system, "release-quarantine", { quarantine: id }),
    );
  const isHeld = detail.mark.phase === "held";
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Button disabled={!mayApprove || !isHeld} onClick={() => setAsking(true)}>
        Skip the failed message
      </Button>
      <Button variant="primary" disabled={!mayOperate || detail.mark.phase === "free"} onClick={release}>
        Release
      </Button>
      {asking && (
        <ReasonModal
          header="Let the group go on without its failed message?"
          says={`${detail.behind} messages are let by: the failed one is overtaken, and cannot be put back in its place.`}
          action="Skip"
          onCancel={() => setAsking(false)}
          onReason={(reason) =>
            carryOut(
              () => "The group goes on without its failed message",
              () => callApi(system, "skip-quarantine", { quarantine: id, reason }),
            )
          }
        />
      )}
    </SpaceBetween>
  );
}
