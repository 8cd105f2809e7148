import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import type { ReactElement } from "react";
import { readRegion } from "../../api/call-api.ts";
import { useAnswer } from "../../api/use-answer.ts";
import type { GameDayReport, PlayedGameDay } from "../../contract/region.ts";
import { formatSeconds, formatTime } from "../../format/time.ts";
import { hrefOf, usePlace } from "../../navigation/place.ts";
import { AnswerError } from "../../parts/answer-error.tsx";
import { CodeView } from "../../parts/code-view.tsx";
import { PageLayout } from "../../parts/page-layout.tsx";
import { FiredAlarms, Measures } from "./measures.tsx";
import { ReportChart } from "./report-chart.tsx";
import { VerdictIndicator } from "./verdict.tsx";

/** One game day: what is believed, and what was seen when it was played last, as its report says it. */
export function GamedayPage(): ReactElement {
  const { path } = usePlace();
  const [, name = ""] = path;
  const answered = useAnswer(`gameday ${name}`, (signal) =>
    readRegion<PlayedGameDay>(hrefOf(["gameday"], { name }), signal),
  );
  const { value, error } = answered;
  return (
    <SpaceBetween size="l">
      <AnswerError answered={answered} />
      {value && <GamedayContent played={value} />}
      {!value && !error && <Spinner size="large" />}
    </SpaceBetween>
  );
}

function GamedayContent({ played }: { readonly played: PlayedGameDay }): ReactElement {
  const { name, hypothesis, fault, app, verdict, text, report } = played;
  const items = [
    { label: "What is believed", value: hypothesis },
    { label: "Fault", value: fault },
    { label: "System", value: app },
    { label: "Played last", value: report ? describePlay(report) : "" },
  ].filter(({ value }) => value !== "");
  return (
    <PageLayout title={name} description="A game day" info={<VerdictIndicator verdict={verdict} />}>
      <Container header={<Header variant="h2">Hypothesis</Header>}>
        <KeyValuePairs columns={2} minColumnWidth={280} items={items} />
      </Container>
      {verdict === undefined && (
        <Alert>
          It has not been played where the console was started: <Box variant="code">reliq gameday run {name}</Box>
        </Alert>
      )}
      {report?.because !== undefined && (
        <Alert type="warning" header="It could not run">
          {report.because}
        </Alert>
      )}
      {report && report.measures.length > 0 && <Measures measures={report.measures} />}
      {report?.charts.map((chart) => (
        <ReportChart key={chart.title} chart={chart} seconds={report.seconds} />
      ))}
      {report && report.alarms.length > 0 && <FiredAlarms alarms={report.alarms} />}
      {!report && text !== undefined && <CodeView text={text} label="Report" />}
    </PageLayout>
  );
}

/** `2026-01-31 12:00:00 UTC, 90 s, at scale 0.1` */
function describePlay({ beganAtMs, seconds, scale }: GameDayReport): string {
  return `${formatTime(beganAtMs)}, ${formatSeconds(seconds)}${scale === 1 ? "" : `, at scale ${scale}`}`;
}
