import Box from "@cloudscape-design/components/box";
import Header from "@cloudscape-design/components/header";
import Pagination from "@cloudscape-design/components/pagination";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Table from "@cloudscape-design/components/table";
import { type ReactElement, useState } from "react";
import { inertText } from "../../format/inert.ts";
import { hrefOf } from "../../navigation/place.ts";
import { Empty } from "../../parts/empty.tsx";
import { InlineLink } from "../../parts/inline-link.tsx";
import type { RepairRow } from "./repair-row.ts";

/** Messages of a page. */
const PAGE = 20;

/** The most that one repair looks at. */
const MOST_MESSAGES = 1_000;

interface RepairTableProps {
  readonly system: string;
  readonly rows: readonly RepairRow[];
  /** Whether it has been done; else it is a preview. */
  readonly done: boolean;
}

/** Each message with its difference, or why it is left as it is; those that change come first. */
export function RepairTable({ system, rows, done }: RepairTableProps): ReactElement {
  const [page, setPage] = useState(1);
  const changed = rows.filter(({ diff }) => diff !== undefined);
  const ordered = [...changed, ...rows.filter(({ diff }) => diff === undefined)];
  const title = `${changed.length} of ${rows.length} ${done ? "repaired" : "would be repaired"}`;
  return (
    <Table<RepairRow>
      trackBy="failure"
      items={ordered.slice((page - 1) * PAGE, page * PAGE)}
      wrapLines
      ariaLabels={{ tableLabel: title }}
      header={
        <Header
          variant="h2"
          {...(rows.length >= MOST_MESSAGES && { description: "The oldest 1,000: again for the rest." })}
        >
          {title}
        </Header>
      }
      pagination={
        ordered.length > PAGE && (
          <Pagination
            currentPageIndex={page}
            pagesCount={Math.ceil(ordered.length / PAGE)}
            onChange={({ detail }) => setPage(detail.currentPageIndex)}
          />
        )
      }
      empty={<Empty>No message that is held is like this.</Empty>}
      columnDefinitions={[
        {
          id: "message",
          header: "Message",
          isRowHeader: true,
          cell: ({ failure }) => (
            <span className="break-anywhere">
              <InlineLink href={hrefOf(["failures", system, failure])}>{inertText(failure)}</InlineLink>
            </span>
          ),
        },
        { id: "state", header: done ? "Done" : "Would be", cell: (row) => <RowState row={row} done={done} /> },
        { id: "changes", header: "What changes", cell: (row) => <RowChanges row={row} /> },
      ]}
    />
  );
}

function RowState({
  row: { diff, sent, because },
  done,
}: {
  readonly row: RepairRow;
  readonly done: boolean;
}): ReactElement {
  if (diff === undefined) return <StatusIndicator type="stopped">left as it is</StatusIndicator>;
  if (!done) return <StatusIndicator type="pending">repaired</StatusIndicator>;
  if (because !== undefined) return <StatusIndicator type="warning">repaired, not sent</StatusIndicator>;
  return <StatusIndicator type="success">{sent ? "repaired and sent" : "repaired"}</StatusIndicator>;
}

function RowChanges({ row: { diff, because } }: { readonly row: RepairRow }): ReactElement {
  return (
    <>
      {diff && <pre className="code">{inertText(diff.join("\n"))}</pre>}
      {because !== undefined && (
        <Box color="text-body-secondary">
          <span className="break-anywhere">{inertText(because)}</span>
        </Box>
      )}
    </>
  );
}
