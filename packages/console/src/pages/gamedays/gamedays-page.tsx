import Table from "@cloudscape-design/components/table";
import type { ReactElement } from "react";
import { readRegion } from "../../api/call-api.ts";
import { useAnswer } from "../../api/use-answer.ts";
import type { ShownGameDay } from "../../contract/region.ts";
import { hrefOf } from "../../navigation/place.ts";
import { AnswerError } from "../../parts/answer-error.tsx";
import { Empty } from "../../parts/empty.tsx";
import { InlineLink } from "../../parts/inline-link.tsx";
import { PageLayout } from "../../parts/page-layout.tsx";
import { VerdictIndicator } from "./verdict.tsx";

/** Faults that are put into a system, what is believed of it, and whether that held when it was played last. */
export function GamedaysPage(): ReactElement {
  const answered = useAnswer("gamedays", (signal) => readRegion<readonly ShownGameDay[]>("/gamedays", signal));
  return (
    <PageLayout
      title="Game days"
      description="Faults put into a system, to see whether what is believed of it holds: reliq gameday run <name>."
    >
      <AnswerError answered={answered} />
      <Table
        trackBy="name"
        items={answered.value ?? []}
        resizableColumns
        wrapLines
        loading={!answered.value && !answered.error}
        loadingText="Reading game days"
        ariaLabels={{ tableLabel: "Game days" }}
        empty={<Empty>There is no folder `gamedays` where the console was started.</Empty>}
        columnDefinitions={[
          {
            id: "name",
            header: "Game day",
            isRowHeader: true,
            width: 170,
            cell: ({ name }) => <InlineLink href={hrefOf(["gamedays", name])}>{name}</InlineLink>,
          },
          {
            id: "verdict",
            header: "Played last",
            width: 150,
            cell: ({ verdict }) => <VerdictIndicator verdict={verdict} />,
          },
          { id: "app", header: "System", width: 160, cell: ({ app }) => app },
          { id: "hypothesis", header: "What is believed", width: 320, cell: ({ hypothesis }) => hypothesis },
          { id: "fault", header: "Fault", width: 280, cell: ({ fault }) => fault },
        ]}
      />
    </PageLayout>
  );
}
