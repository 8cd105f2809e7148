import Header from "@cloudscape-design/components/header";
import type { TableProps } from "@cloudscape-design/components/table";
import type { RedriveRun } from "@reliq/core/recovery";
import type { ReactElement } from "react";
import { callApi } from "../../api/call-api.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { useRevision } from "../../live/live.tsx";
import { hrefOf } from "../../navigation/place.ts";
import { AnswerError } from "../../parts/answer-error.tsx";
import { useCursorPages } from "../../parts/cursor-pages.ts";
import { InlineLink } from "../../parts/inline-link.tsx";
import { Moment } from "../../parts/moment.tsx";
import { PageLayout } from "../../parts/page-layout.tsx";
import { PagedTable } from "../../parts/paged-table.tsx";
import { SystemSelect, useSystem } from "../../parts/system-select.tsx";
import { PlanPanel } from "./plan-panel.tsx";
import { RunStateIndicator } from "./run-state.tsx";

const SAYS: Readonly<Record<RedriveRun["kind"], { readonly title: string; readonly description: string }>> = {
  redrive: {
    title: "Redrives",
    description:
      "Held messages, back to their queue: planned message by message, sent in steps, stopped by the first relapse.",
  },
  replay: {
    title: "Archive and replay",
    description: "Archived messages, back to their queue: a dry run says exactly what would be sent.",
  },
};

/** Redrives of held messages: a new one's plan, and those there were. */
export function RedrivesPage(): ReactElement {
  return <RunsPage kind="redrive" />;
}

/** Replays of archived messages: a new one's plan, and those there were. */
export function ReplaysPage(): ReactElement {
  return <RunsPage kind="replay" />;
}

function RunsPage({ kind }: Pick<RedriveRun, "kind">): ReactElement {
  const system = useSystem();
  const cursor = useCursorPages(system);
  const answered = useAnswer(
    `runs ${system} ${cursor.page}`,
    (signal) => callApi(system, "list-runs", { limit: 50, ...(cursor.after && { after: cursor.after }) }, signal),
    useRevision(system),
  );
  const runs = (answered.value?.runs ?? []).filter((run) => run.kind === kind);
  return (
    <PageLayout {...SAYS[kind]} actions={<SystemSelect />}>
      <PlanPanel key={system} kind={kind} system={system} />
      <AnswerError answered={answered} />
      <PagedTable
        label={SAYS[kind].title}
        reading="Reading runs"
        nothing={`There was no ${kind} yet.`}
        answered={answered}
        cursor={cursor}
        items={runs}
        columnDefinitions={columns(system)}
        header={<Header variant="h2">Runs</Header>}
      />
    </PageLayout>
  );
}

function columns(system: string): readonly TableProps.ColumnDefinition<RedriveRun>[] {
  return [
    {
      id: "run",
      header: "Run",
      isRowHeader: true,
      width: 210,
      cell: ({ id, kind }) => <InlineLink href={hrefOf([`${kind}s`, system, id])}>{id}</InlineLink>,
    },
    { id: "state", header: "State", width: 115, cell: ({ state }) => <RunStateIndicator state={state} /> },
    { id: "queue", header: "Queue", width: 160, cell: ({ queue }) => queue },
    { id: "started", header: "Started", width: 110, cell: ({ startedAtMs }) => <Moment atMs={startedAtMs} /> },
    { id: "by", header: "By", width: 175, cell: ({ by }) => <span className="break-anywhere">{by}</span> },
    {
      id: "progress",
      header: "Progress",
      width: 190,
      cell: ({ planned, resolved, relapsed, skipped }) =>
        `${planned} planned: ${resolved} resolved, ${relapsed} relapsed, ${skipped} skipped`,
    },
  ];
}
