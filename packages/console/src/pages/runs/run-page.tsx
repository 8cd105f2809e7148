import Alert from "@cloudscape-design/components/alert";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import ProgressBar from "@cloudscape-design/components/progress-bar";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import type { RedriveRun, RunDetail } from "@reliq/core/recovery";
import { type ReactElement, useEffect, useState } from "react";
import { callApi } from "../../api/call-api.ts";
import { type Answered, useAnswer } from "../../api/use-answer.ts";
import { usePlace } from "../../navigation/place.ts";
import { AnswerError } from "../../parts/answer-error.tsx";
import { Moment } from "../../parts/moment.tsx";
import { PageLayout } from "../../parts/page-layout.tsx";
import { EntryTable } from "./entry-table.tsx";
import { RunActions } from "./run-actions.tsx";
import { RunStateIndicator } from "./run-state.tsx";

/** How often a run that goes on is read, milliseconds. */
const REFRESH_MS = 1_000;

/** One run: how far it is, what became of each message, and whether it goes on. */
export function RunPage(): ReactElement {
  const { path } = usePlace();
  const [, system = "", id = ""] = path;
  const [from, setFrom] = useState(0);
  const answered = useAnswer(`run ${system} ${id} ${from}`, (signal) =>
    callApi(system, "get-run", { run: id, from }, signal),
  );
  const { value, error, loading, reload } = answered;
  const goesOn = value !== undefined && ["planning", "running"].includes(value.run.state);
  useEffect(() => {
    if (!goesOn || loading) return undefined;
    const timer = setTimeout(reload, REFRESH_MS);
    return () => clearTimeout(timer);
  }, [goesOn, loading, reload]);
  return (
    <SpaceBetween size="l">
      <AnswerError answered={answered} />
      {value && <RunContent system={system} detail={value} answered={answered} from={from} onTurn={setFrom} />}
      {!value && !error && <Spinner size="large" />}
    </SpaceBetween>
  );
}

interface RunContentProps {
  readonly system: string;
  readonly detail: RunDetail;
  readonly answered: Answered<RunDetail>;
  readonly from: number;
  readonly onTurn: (from: number) => void;
}

function RunContent({ system, detail, answered, from, onTurn }: RunContentProps): ReactElement {
  const { run, entries } = detail;
  return (
    <PageLayout
      title={`${run.kind === "redrive" ? "Redrive" : "Replay"} ${run.id}`}
      description={run.queue}
      info={<RunStateIndicator state={run.state} />}
      actions={<RunActions system={system} run={run} onDone={answered.reload} />}
    >
      {run.stoppedBecause !== undefined && (
        <Alert type="error" header="The run stopped itself">
          {run.stoppedBecause}
        </Alert>
      )}
      {run.waitingBecause !== undefined && run.state === "running" && (
        <Alert type="info">Nothing is sent for the moment: {run.waitingBecause}</Alert>
      )}
      <Container header={<Header variant="h2">Progress</Header>}>
        <SpaceBetween size="l">
          <Progress run={run} />
          <KeyValuePairs columns={4} minColumnWidth={160} items={factsOf(run)} />
        </SpaceBetween>
      </Container>
      <EntryTable system={system} run={run} entries={entries} from={from} onTurn={onTurn} />
    </PageLayout>
  );
}

function Progress({ run }: { readonly run: RedriveRun }): ReactElement {
  const over = run.resolved + run.relapsed + run.skipped;
  const share = run.planned === 0 ? 0 : Math.round((over / run.planned) * 100);
  const ended = run.state === "done" ? "success" : run.state === "stopped" ? "error" : "in-progress";
  return (
    <ProgressBar
      label={`${over} of ${run.planned} messages are over`}
      description={`${run.resolved} resolved, ${run.relapsed} relapsed, ${run.skipped} skipped, ${run.sent} sent`}
      value={share}
      {...(ended !== "in-progress" && {
        status: ended,
        resultText: ended === "success" ? `${run.resolved} resolved, ${run.skipped} skipped` : "It stopped itself",
      })}
    />
  );
}

function factsOf(run: RedriveRun): { label: string; value: ReactElement | string }[] {
  const { ramp, ratePerSecond, maxMessages, minAgeSeconds } = run.options;
  const filter = Object.entries(run.filter).map(([name, value]) => `${name} ${value}`);
  return [
    { label: "Started", value: <Moment atMs={run.startedAtMs} /> },
    { label: "By", value: <span className="break-anywhere">{run.by}</span> },
    { label: "Step", value: `${run.step + 1} of the ramp ${ramp.join(", ")}` },
    { label: "At most", value: `${ratePerSecond} a second, ${maxMessages} in all` },
    { label: "Filter", value: filter.join(", ") || "every message" },
    { label: "Dead for at least", value: `${minAgeSeconds} s` },
    ...(run.wakeAtMs === undefined ? [] : [{ label: "Goes on", value: <Moment atMs={run.wakeAtMs} /> }]),
  ];
}
