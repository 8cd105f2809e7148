import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import type { Approval } from "@reliq/core/recovery";
import type { ReactElement } from "react";
import { callApi } from "../../api/call-api.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { inertText } from "../../format/inert.ts";
import { formatTime } from "../../format/time.ts";
import { hrefOf, usePlace } from "../../navigation/place.ts";
import { AnswerError } from "../../parts/answer-error.tsx";
import { CodeView } from "../../parts/code-view.tsx";
import { InlineLink } from "../../parts/inline-link.tsx";
import { Moment } from "../../parts/moment.tsx";
import { PageLayout } from "../../parts/page-layout.tsx";
import { useEvery } from "../../parts/use-every.ts";
import { ApprovalActions } from "./approval-actions.tsx";
import { ApprovalStateIndicator } from "./approval-state.tsx";

/** How often it is read anew, milliseconds. */
const REFRESH_MS = 3_000;

/** One thing that was asked for: what it would do, and whether another person approves it. */
export function ApprovalPage(): ReactElement {
  const { path } = usePlace();
  const [, system = "", id = ""] = path;
  const answered = useAnswer(
    `approval ${system} ${id}`,
    (signal) => callApi(system, "get-approval", { approval: id }, signal),
    useEvery(REFRESH_MS),
  );
  const { value, error } = answered;
  return (
    <SpaceBetween size="l">
      <AnswerError answered={answered} />
      {value && <ApprovalContent system={system} approval={value} onDone={answered.reload} />}
      {!value && !error && <Spinner size="large" />}
    </SpaceBetween>
  );
}

interface ApprovalContentProps {
  readonly system: string;
  readonly approval: Approval;
  readonly onDone: () => void;
}

function ApprovalContent({ system, approval, onDone }: ApprovalContentProps): ReactElement {
  const { says, state, diff = [], deed } = approval;
  const lines =
    deed.operation === "start-run"
      ? JSON.stringify({ filter: deed.filter, options: deed.options })
      : deed.operation === "edit"
        ? diff.join("\n")
        : deed.messages.map(({ id }) => id).join("\n");
  return (
    <PageLayout
      title={inertText(says)}
      info={<ApprovalStateIndicator state={state} />}
      actions={<ApprovalActions system={system} approval={approval} onDone={onDone} />}
    >
      <Container header={<Header variant="h2">Asked for</Header>}>
        <KeyValuePairs columns={3} minColumnWidth={220} items={factsOf(system, approval)} />
      </Container>
      <Container
        header={<Header variant="h2">{deed.operation === "edit" ? "What differs" : "What it is about"}</Header>}
      >
        <CodeView text={lines} label="What is asked for" />
      </Container>
    </PageLayout>
  );
}

function factsOf(system: string, approval: Approval): { label: string; value: ReactElement | string }[] {
  const { by, askedAtMs, expiresAtMs, count, limit, decidedBy, reason, outcome, run, deed } = approval;
  const kind = deed.operation === "start-run" ? deed.kind : "redrive";
  return [
    { label: "Messages", value: `${count.toLocaleString("en")}: above ${limit} another person approves` },
    { label: "Asked by", value: <span className="break-anywhere">{by}</span> },
    { label: "Asked", value: <Moment atMs={askedAtMs} /> },
    { label: "Can be approved until", value: formatTime(expiresAtMs) },
    ...(decidedBy === undefined
      ? []
      : [{ label: "Decided by", value: <span className="break-anywhere">{decidedBy}</span> }]),
    ...(reason === undefined ? [] : [{ label: "Because", value: inertText(reason) }]),
    ...(outcome === undefined ? [] : [{ label: "Outcome", value: inertText(outcome) }]),
    ...(run === undefined
      ? []
      : [{ label: "Run", value: <InlineLink href={hrefOf([`${kind}s`, system, run])}>{run}</InlineLink> }]),
  ];
}
