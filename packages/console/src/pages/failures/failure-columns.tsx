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
      width: 140,
      cell: ({ id, lineage }) => (
        <InlineLink href={hrefOf(["failures", system, id])}>{lineage.slice(0, 13)}</InlineLink>
      ),
    },
    { id: "state", header: "State", width: 135, cell: ({ state }) => <FailureStateIndicator state={state} /> },
    {
      id: "reason",
      header: "Why it died",
      width: 240,
      cell: ({ reason }) => (
        <>
          <Box variant="strong">{inertText(reason.errorName)}</Box>
          <Box variant="small" display="block">
            {inertText(reason.message).slice(0, 160)}
          </Box>
        </>
      ),
    },
    {
      id: "died",
      header: "Died",
      width: 125,
      cell: ({ diedAtMs, deaths }) => (
        <>
          <Moment atMs={diedAtMs} />
          {deaths > 1 && <Box variant="small" display="block">{`${deaths} deaths`}</Box>}
        </>
      ),
    },
    {
      id: "category",
      header: "Category and cause",
      width: 135,
      cell: ({ reason, cause }) => (
        <>
          {reason.category}
          <Box variant="small" display="block">
            {cause}
          </Box>
        </>
      ),
    },
    {
      id: "queue",
      header: "Queue",
      width: 150,
      cell: ({ queue, groupId }) => (groupId ? `${queue} · ${groupId}` : queue),
    },
  ];
}
