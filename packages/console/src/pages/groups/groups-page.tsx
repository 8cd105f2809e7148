import Box from "@cloudscape-design/components/box";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import type { TableProps } from "@cloudscape-design/components/table";
import type { FailureGroup, GroupState } from "@reliq/core/recovery";
import type { ReactElement } from "react";
import { callApi } from "../../api/call-api.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { inertText } from "../../format/inert.ts";
import { useRevision } from "../../live/live.tsx";
import { go, hrefOf, usePlace } from "../../navigation/place.ts";
import { AnswerError } from "../../parts/answer-error.tsx";
import { useCursorPages } from "../../parts/cursor-pages.ts";
import { InlineLink } from "../../parts/inline-link.tsx";
import { Moment } from "../../parts/moment.tsx";
import { PageLayout } from "../../parts/page-layout.tsx";
import { PagedTable } from "../../parts/paged-table.tsx";
import { SystemSelect, useSystem } from "../../parts/system-select.tsx";
import { GroupStateIndicator } from "./group-state.tsx";

/** Groups of a page. */
const PAGE = 50;

const STATES: readonly GroupState[] = ["open", "regressed", "acknowledged", "resolved", "ignored"];

/** Failure groups: each problem once, however many messages died of it. */
export function GroupsPage(): ReactElement {
  const { query } = usePlace();
  const system = useSystem();
  const state = STATES.find((each) => each === query.get("state"));
  const key = `groups ${system} ${state}`;
  const cursor = useCursorPages(key);
  const input = { limit: PAGE, ...(state && { state }), ...(cursor.after !== undefined && { after: cursor.after }) };
  const answered = useAnswer(
    `${key} ${cursor.page}`,
    (signal) => callApi(system, "list-groups", input, signal),
    useRevision(system),
  );
  return (
    <PageLayout
      title="Failure groups"
      description="Each problem once: deaths of one queue with one fingerprint, the one seen last first."
      actions={<SystemSelect />}
    >
      <AnswerError answered={answered} />
      <PagedTable
        label="Failure groups"
        reading="Reading groups"
        nothing={`No problem is ${state ?? "known"}.`}
        answered={answered}
        cursor={cursor}
        items={answered.value?.groups ?? []}
        columnDefinitions={columns(system)}
        filter={<StateFilter system={system} state={state} />}
      />
    </PageLayout>
  );
}

interface StateFilterProps {
  readonly system: string;
  readonly state: GroupState | undefined;
}

function StateFilter({ system, state }: StateFilterProps): ReactElement {
  return (
    <SegmentedControl
      label="State"
      selectedId={state ?? "all"}
      options={["all", ...STATES].map((id) => ({ id, text: id }))}
      onChange={({ detail: { selectedId } }) =>
        go(hrefOf(["groups"], { system, ...(selectedId !== "all" && { state: selectedId }) }))
      }
    />
  );
}

function columns(system: string): readonly TableProps.ColumnDefinition<FailureGroup>[] {
  return [
    {
      id: "problem",
      header: "Problem",
      isRowHeader: true,
      width: 250,
      cell: ({ id, errorName, message }) => (
        <>
          <InlineLink href={hrefOf(["groups", system, id])}>{inertText(errorName)}</InlineLink>
          <Box variant="small" display="block">
            {inertText(message).slice(0, 160)}
          </Box>
        </>
      ),
    },
    { id: "state", header: "State", width: 160, cell: ({ state }) => <GroupStateIndicator state={state} /> },
    { id: "deaths", header: "Deaths", width: 85, cell: ({ deaths }) => deaths.toLocaleString("en") },
    { id: "last", header: "Seen last", width: 110, cell: ({ lastSeenAtMs }) => <Moment atMs={lastSeenAtMs} /> },
    { id: "first", header: "Seen first", width: 110, cell: ({ firstSeenAtMs }) => <Moment atMs={firstSeenAtMs} /> },
    { id: "category", header: "Category", width: 115, cell: ({ category }) => category },
    { id: "queue", header: "Queue", width: 160, cell: ({ queue }) => queue },
    {
      id: "healing",
      header: "Healing",
      width: 160,
      cell: ({ healing, heals, relapses }) => `${healing}: ${heals} healed, ${relapses} relapsed`,
    },
  ];
}
