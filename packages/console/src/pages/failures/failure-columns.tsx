import Box from "@cloudscape-design/components/box";
import type { TableProps } from "@cloudscape-design/components/table";
import type { FailureSummary } from "@reliq/core/recovery";
import { inertText } from "../../format/inert.ts";
import { hrefOf } from "../../navigation/place.ts";
import { FailureStateIndicator } from "../../parts/failure-state.tsx";
import { InlineLink } from "../../parts/inline-link.tsx";
import { Moment } from "../../parts/moment.tsx";

/** What a list shows of a failed message. */
export function failureColumns(system: string): readonly TableProps.ColumnDefinition<FailureSummary>[] {
  return [
    {
      id: "message",
      header: "Message",
      isRowHeader: true,
      width: 135,
      cell: ({ id, lineage }) => (
        <InlineLink href={hrefOf(["failures", system, id])}>{lineage.slice(0, 13)}</InlineLink>
      ),
    },
    { id: "state", header: "State", width: 115, cell: ({ state }) => <FailureStateIndicator state={state} /> },
    {
      id: "reason",
      header: "Why it died",
      width: 270,
      cell: ({ reason }) => (
        <>
          <Box variant="strong">{inertText(reason.errorName)}</Box>
          <Box variant="small" display="block">
            {inertText(reason.message).slice(0, 160)}
          </Box>
        </>
      ),
    },
    { id: "category", header: "Category", width: 110, cell: ({ reason }) => reason.category },
    { id: "cause", header: "Cause", width: 110, cell: ({ cause }) => cause },
    {
      id: "queue",
      header: "Queue",
      width: 160,
      cell: ({ queue, groupId }) => (groupId ? `${queue} · ${groupId}` : queue),
    },
    { id: "died", header: "Died", width: 110, cell: ({ diedAtMs }) => <Moment atMs={diedAtMs} /> },
    { id: "deaths", header: "Deaths", width: 85, cell: ({ deaths }) => deaths },
    { id: "rule", header: "Rule", width: 120, cell: ({ rule }) => rule },
  ];
}
