import Header from "@cloudscape-design/components/header";
import Pagination from "@cloudscape-design/components/pagination";
import Table from "@cloudscape-design/components/table";
import type { ShownAlarm, ShownDashboard } from "@reliq/core/recovery";
import { type ReactElement, useState } from "react";
import { readRegion } from "../../api/call-api.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { useLive } from "../../live/live.tsx";
import { hrefOf } from "../../navigation/place.ts";
import { AlarmStateIndicator } from "../../parts/alarm-state.tsx";
import { AnswerError } from "../../parts/answer-error.tsx";
import { Empty } from "../../parts/empty.tsx";
import { InlineLink } from "../../parts/inline-link.tsx";
import { Moment } from "../../parts/moment.tsx";
import { PageLayout } from "../../parts/page-layout.tsx";
import { widgetsIn } from "../dashboards/widget.ts";

/** Alarms of a page. */
const PAGE = 20;

/** What the templates define to watch: alarms, those that ring first, and dashboards. */
export function AlarmsPage(): ReactElement {
  const states = useLive(({ facts }) => JSON.stringify(facts?.alarms));
  const alarms = useAnswer("alarms", (signal) => readRegion<readonly ShownAlarm[]>("/alarms", signal), states);
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
  const [page, setPage] = useState(1);
  return (
    <Table
      trackBy="name"
      items={(alarms ?? []).slice((page - 1) * PAGE, page * PAGE)}
      loading={!alarms}
      loadingText="Reading alarms"
      resizableColumns
      wrapLines
      ariaLabels={{ tableLabel: "Alarms" }}
      header={
        <Header variant="h2" counter={`(${ringing} of ${alarms?.length ?? 0} in alarm)`}>
          Alarms
        </Header>
      }
      pagination={
        <Pagination
          currentPageIndex={page}
          pagesCount={Math.max(1, Math.ceil((alarms?.length ?? 0) / PAGE))}
          onChange={({ detail }) => setPage(detail.currentPageIndex)}
        />
      }
      empty={<Empty>No alarm is defined.</Empty>}
      columnDefinitions={[
        { id: "state", header: "State", width: 170, cell: ({ state }) => <AlarmStateIndicator state={state} /> },
        {
          id: "name",
          header: "Alarm",
          isRowHeader: true,
          width: 220,
          cell: ({ name }) => <span className="break-anywhere">{name}</span>,
        },
        { id: "condition", header: "Rings while", width: 230, cell: ({ condition }) => condition ?? "-" },
        { id: "since", header: "Since", width: 110, cell: ({ since }) => <Moment atMs={Date.parse(since)} /> },
        { id: "description", header: "What it means", width: 260, cell: ({ description }) => description },
        { id: "because", header: "Because", width: 300, cell: ({ because }) => because },
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
