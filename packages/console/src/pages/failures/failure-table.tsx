import Header from "@cloudscape-design/components/header";
import PropertyFilter from "@cloudscape-design/components/property-filter";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import type { FailureSummary } from "@reliq/core/recovery";
import { type ReactElement, useState } from "react";
import { useFailureQueues } from "../../live/failure-queues.ts";
import { useLive } from "../../live/live.tsx";
import { go, hrefOf } from "../../navigation/place.ts";
import { AnswerError } from "../../parts/answer-error.tsx";
import { CursorPagination } from "../../parts/cursor-pagination.tsx";
import { Empty } from "../../parts/empty.tsx";
import { FailureActions } from "./failure-actions.tsx";
import { failureColumns } from "./failure-columns.tsx";
import {
  addressOf,
  askedBy,
  type FailureQuery,
  FILTERING_PROPERTIES,
  filteringOptions,
  tokensOf,
} from "./failure-query.ts";
import { useFailureList } from "./use-failure-list.ts";

const MINUTE_MS = 60_000;

interface FailureTableProps {
  readonly system: string;
  readonly asked: FailureQuery;
  /** Whether it is a part of another page, where what is asked for is fixed. @default false */
  readonly fixed?: boolean;
}

/** The failures that are asked for, newest first, with what can be done with those that are chosen. */
export function FailureTable({ system, asked, fixed = false }: FailureTableProps): ReactElement {
  const [chosen, setChosen] = useState<readonly FailureSummary[]>([]);
  const { answered, cursor } = useFailureList(system, asked, chosen.length > 0);
  const done = (): void => {
    setChosen([]);
    answered.reload();
  };
  return (
    <SpaceBetween size="m">
      <AnswerError answered={answered} />
      <Table<FailureSummary>
        trackBy="id"
        items={answered.value?.failures ?? []}
        columnDefinitions={failureColumns(system)}
        resizableColumns
        wrapLines
        stickyHeader
        loading={answered.loading && !answered.value}
        loadingText="Reading failures"
        selectionType="multi"
        selectedItems={chosen}
        onSelectionChange={({ detail }) => setChosen(detail.selectedItems)}
        ariaLabels={{
          tableLabel: "Failed messages",
          selectionGroupLabel: "Choose messages",
          allItemsSelectionLabel: () => "Choose all of this page",
          itemSelectionLabel: (_, { lineage }) => `Choose ${lineage}`,
        }}
        header={
          <Header
            variant="h2"
            {...(chosen.length > 0 && { counter: `(${chosen.length} chosen)` })}
            actions={<FailureActions system={system} failures={chosen} onDone={done} />}
          >
            Messages
          </Header>
        }
        {...(!fixed && { filter: <FailureFilterBar system={system} asked={asked} /> })}
        pagination={<CursorPagination cursor={cursor} next={answered.value?.next} />}
        empty={<Empty>{Object.keys(asked).length > 0 ? "No failure is like this." : "Nothing has failed."}</Empty>}
      />
    </SpaceBetween>
  );
}

function FailureFilterBar({ system, asked }: Omit<FailureTableProps, "fixed">): ReactElement {
  const queues = useFailureQueues(system);
  const nowMs = useLive(({ facts }) => Math.floor((facts?.atMs ?? Date.now()) / MINUTE_MS) * MINUTE_MS);
  return (
    <PropertyFilter
      hideOperations
      query={{ operation: "and", tokens: tokensOf(asked) }}
      filteringProperties={FILTERING_PROPERTIES}
      filteringOptions={filteringOptions(queues, nowMs)}
      filteringAriaLabel="Filter failures"
      filteringPlaceholder="Filter by queue, state, category, cause, error, time …"
      onChange={({ detail }) => go(hrefOf(["failures"], { system, ...addressOf(askedBy(detail.tokens)) }))}
    />
  );
}
