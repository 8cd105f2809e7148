import Header from "@cloudscape-design/components/header";
import Pagination from "@cloudscape-design/components/pagination";
import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";
import Table from "@cloudscape-design/components/table";
import type { RedriveRun, RunEntry } from "@reliq/core/recovery";
import type { ReactElement } from "react";
import { hrefOf } from "../../navigation/place.ts";
import { Empty } from "../../parts/empty.tsx";
import { InlineLink } from "../../parts/inline-link.tsx";

/** Entries of one answer of the API. */
const PAGE = 100;

const SHOWN: Readonly<Record<RunEntry["state"], StatusIndicatorProps.Type>> = {
  planned: "pending",
  sent: "in-progress",
  resolved: "success",
  relapsed: "error",
  skipped: "stopped",
};

interface EntryTableProps {
  readonly system: string;
  readonly run: RedriveRun;
  readonly entries: readonly RunEntry[];
  readonly from: number;
  readonly onTurn: (from: number) => void;
}

/** What has become of each message of a run, in the order in which they are sent. */
export function EntryTable({ system, run, entries, from, onTurn }: EntryTableProps): ReactElement {
  return (
    <Table
      trackBy="position"
      items={entries}
      resizableColumns
      wrapLines
      ariaLabels={{ tableLabel: "Messages of the run" }}
      header={
        <Header variant="h2" counter={`(${run.planned})`}>
          Messages
        </Header>
      }
      pagination={
        <Pagination
          currentPageIndex={from / PAGE + 1}
          pagesCount={Math.max(1, Math.ceil(run.planned / PAGE))}
          onChange={({ detail }) => onTurn((detail.currentPageIndex - 1) * PAGE)}
        />
      }
      empty={<Empty>The plan has no message.</Empty>}
      columnDefinitions={[
        {
          id: "failure",
          header: "Message",
          isRowHeader: true,
          width: 330,
          cell: ({ failure }) => <InlineLink href={hrefOf(["failures", system, failure])}>{failure}</InlineLink>,
        },
        {
          id: "state",
          header: "State",
          width: 140,
          cell: ({ state }) => <StatusIndicator type={SHOWN[state]}>{state}</StatusIndicator>,
        },
        { id: "step", header: "Step", width: 90, cell: ({ step }) => (step === undefined ? "-" : step + 1) },
        { id: "verdict", header: "Verdict", width: 120, cell: ({ verdict }) => verdict },
        { id: "because", header: "Because", width: 270, cell: ({ because }) => because },
      ]}
    />
  );
}
