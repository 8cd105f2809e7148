import Badge from "@cloudscape-design/components/badge";
import Pagination from "@cloudscape-design/components/pagination";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import type { RunPlan } from "@reliq/core/recovery";
import { type ReactElement, useState } from "react";
import { hrefOf } from "../../navigation/place.ts";
import { Empty } from "../../parts/empty.tsx";
import { InlineLink } from "../../parts/inline-link.tsx";

/** Messages of a page. */
const PAGE = 20;

interface PlanTableProps {
  readonly system: string;
  readonly plan: RunPlan;
}

/** What a run would do: how many of each verdict, and each message with why. */
export function PlanTable({ system, plan }: PlanTableProps): ReactElement {
  const [page, setPage] = useState(1);
  const { counts, messages, more, kind } = plan;
  const said = Object.entries(counts).filter(([, count]) => count > 0);
  return (
    <SpaceBetween size="s">
      <SpaceBetween direction="horizontal" size="xs">
        {said.map(([verdict, count]) => (
          <Badge key={verdict} color={verdict === "safe" ? "green" : "grey"}>
            {count} {verdict}
          </Badge>
        ))}
        {more && <Badge color="blue">more than one run takes</Badge>}
      </SpaceBetween>
      <Table
        variant="borderless"
        wrapLines
        trackBy="failure"
        items={messages.slice((page - 1) * PAGE, page * PAGE)}
        ariaLabels={{ tableLabel: "Plan" }}
        pagination={
          messages.length > PAGE && (
            <Pagination
              currentPageIndex={page}
              pagesCount={Math.ceil(messages.length / PAGE)}
              onChange={({ detail }) => setPage(detail.currentPageIndex)}
            />
          )
        }
        empty={<Empty>There is nothing to {kind}.</Empty>}
        columnDefinitions={[
          {
            id: "failure",
            header: "Message",
            isRowHeader: true,
            cell: ({ failure }) => <InlineLink href={hrefOf(["failures", system, failure])}>{failure}</InlineLink>,
          },
          { id: "verdict", header: "Verdict", cell: ({ verdict }) => verdict },
          { id: "because", header: "Because", cell: ({ because }) => because },
          { id: "group", header: "Message group", cell: ({ messageGroup }) => messageGroup ?? "-" },
        ]}
      />
    </SpaceBetween>
  );
}
