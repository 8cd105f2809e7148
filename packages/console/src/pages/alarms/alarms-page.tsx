import Header from "@cloudscape-design/components/header";
import Table from "@cloudscape-design/components/table";
import type { ReactElement } from "react";
import { readRegion } from "../../api/call-api.ts";
import { useAnswer } from "../../api/use-answer.ts";
import type { ShownAlarm, ShownDashboard } from "../../contract/region.ts";
import { useLive } from "../../live/live.tsx";
import { hrefOf } from "../../navigation/place.ts";
import { AlarmStateIndicator } from "../../parts/alarm-state.tsx";
import { AnswerError } from "../../parts/answer-error.tsx";
import { Empty } from "../../parts/empty.tsx";
import { InlineLink } from "../../parts/inline-link.tsx";
import { Moment } from "../../parts/moment.tsx";
import { PageLayout } from "../../parts/page-layout.tsx";
import { widgetsIn } from "../dashboards/widget.ts";

/** What the templates define to watch: alarms, those that ring first, and dashboards. */
export function AlarmsPage(): ReactElement {
  const { facts } = useLive();
  const alarms = useAnswer(
    "alarms",
    (signal) => readRegion<readonly ShownAlarm[]>("/alarms", signal),
    JSON.stringify(facts?.alarms),
  );
  const dashboards = useAnswer("dashboards", (signal) => readRegion<readonly ShownDashboard[]>("/dashboards", signal));
  const ringing = (alarms.value ?? []).filter(({ state }) => state === "ALARM").length;
  return (
    <PageLayout
      title="Alarms and dashboards"
      description="As the templates define them, evaluated on the region's own metrics."
    >
      <AnswerError answered={alarms} />
      <AlarmTable alarms={alarms.value} ringing={ringing} />
      <DashboardTable dashboards={dashboards.value} />
    </PageLayout>
  );
}

interface AlarmTableProps {
  readonly alarms: readonly ShownAlarm[] | undefined;
  readonly ringing: number;
}

function AlarmTable({ alarms, ringing }: AlarmTableProps): ReactElement {
  return (
    <Table
      trackBy="name"
      items={alarms ?? []}
      loading={!alarms}
      loadingText="Reading alarms"
      resizableColumns
      ariaLabels={{ tableLabel: "Alarms" }}
      header={
        <Header variant="h2" counter={`(${ringing} of ${alarms?.length ?? 0} in alarm)`}>
          Alarms
        </Header>
      }
      empty={<Empty>No alarm is defined.</Empty>}
      columnDefinitions={[
        { id: "state", header: "State", width: 160, cell: ({ state }) => <AlarmStateIndicator state={state} /> },
        {
          id: "name",
          header: "Alarm",
          isRowHeader: true,
          width: 320,
          cell: ({ name }) => <span className="break-anywhere">{name}</span>,
        },
        { id: "condition", header: "Rings while", width: 380, cell: ({ condition }) => condition ?? "-" },
        { id: "since", header: "Since", width: 140, cell: ({ since }) => <Moment atMs={Date.parse(since)} /> },
        { id: "description", header: "What it means", width: 380, cell: ({ description }) => description },
        { id: "because", header: "Because", width: 380, cell: ({ because }) => because },
      ]}
    />
  );
}

function DashboardTable({ dashboards }: { readonly dashboards: readonly ShownDashboard[] | undefined }): ReactElement {
  return (
    <Table
      trackBy="name"
      items={dashboards ?? []}
      loading={!dashboards}
      loadingText="Reading dashboards"
      ariaLabels={{ tableLabel: "Dashboards" }}
      header={<Header variant="h2">Dashboards</Header>}
      empty={<Empty>No dashboard is defined.</Empty>}
      columnDefinitions={[
        {
          id: "name",
          header: "Dashboard",
          isRowHeader: true,
          cell: ({ name }) => <InlineLink href={hrefOf(["dashboards", name])}>{name}</InlineLink>,
        },
        { id: "widgets", header: "Widgets", cell: ({ body }) => widgetsIn(body).length },
      ]}
    />
  );
}
