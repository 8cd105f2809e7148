import Header from "@cloudscape-design/components/header";
import type { TableProps } from "@cloudscape-design/components/table";
import type { Approval } from "@reliq/core/recovery";
import type { ReactElement } from "react";
import { callApi } from "../../api/call-api.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { inertText } from "../../format/inert.ts";
import { hrefOf } from "../../navigation/place.ts";
import { AnswerError } from "../../parts/answer-error.tsx";
import { useCursorPages } from "../../parts/cursor-pages.ts";
import { InlineLink } from "../../parts/inline-link.tsx";
import { Moment } from "../../parts/moment.tsx";
import { PageLayout } from "../../parts/page-layout.tsx";
import { PagedTable } from "../../parts/paged-table.tsx";
import { SystemSelect, useSystem } from "../../parts/system-select.tsx";
import { useEvery } from "../../parts/use-every.ts";
import { ApprovalStateIndicator } from "./approval-state.tsx";

/** How often the list is read anew, milliseconds. */
const REFRESH_MS = 3_000;

/** What waits for another person, and what became of what was asked for before. */
export function ApprovalsPage(): ReactElement {
  const system = useSystem();
  const cursor = useCursorPages(system);
  const round = useEvery(REFRESH_MS);
  const answered = useAnswer(
    `approvals ${system} ${cursor.page}`,
    (signal) => callApi(system, "list-approvals", { limit: 50, ...(cursor.after && { after: cursor.after }) }, signal),
    round,
  );
  const approvals = answered.value?.approvals ?? [];
  const pending = approvals.filter(({ state }) => state === "pending").length;
  return (
    <PageLayout
      title="Approvals"
      description="What is about more messages than one person may send or change alone: another one approves it, or refuses."
      actions={<SystemSelect />}
    >
      <AnswerError answered={answered} />
      <PagedTable
        label="Approvals"
        reading="Reading approvals"
        nothing="Nothing was asked for yet."
        answered={answered}
        cursor={cursor}
        items={approvals}
        columnDefinitions={columns(system)}
        header={
          <Header variant="h2" counter={`(${pending} pending)`}>
            Asked for
          </Header>
        }
      />
    </PageLayout>
  );
}

function columns(system: string): readonly TableProps.ColumnDefinition<Approval>[] {
  return [
    {
      id: "what",
      header: "What",
      isRowHeader: true,
      width: 270,
      cell: ({ id, says }) => <InlineLink href={hrefOf(["approvals", system, id])}>{inertText(says)}</InlineLink>,
    },
    { id: "state", header: "State", width: 120, cell: ({ state }) => <ApprovalStateIndicator state={state} /> },
    { id: "count", header: "Messages", width: 120, cell: ({ count }) => count.toLocaleString("en") },
    { id: "by", header: "Asked by", width: 170, cell: ({ by }) => <span className="break-anywhere">{by}</span> },
    { id: "asked", header: "Asked", width: 110, cell: ({ askedAtMs }) => <Moment atMs={askedAtMs} /> },
    {
      id: "decided",
      header: "Decided by",
      width: 150,
      cell: ({ decidedBy = "-" }) => <span className="break-anywhere">{decidedBy}</span>,
    },
  ];
}
