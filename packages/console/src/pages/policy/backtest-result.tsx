import Box from "@cloudscape-design/components/box";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import type { BacktestReport } from "@reliq/core/recovery";
import type { ReactElement } from "react";
import { hrefOf } from "../../navigation/place.ts";
import { Empty } from "../../parts/empty.tsx";
import { InlineLink } from "../../parts/inline-link.tsx";

type End = keyof BacktestReport["history"];

const ENDS: readonly (readonly [End, string])[] = [
  ["healed", "Healed"],
  ["rePoisoned", "Healed in vain"],
  ["archived", "Archived"],
  ["held", "Held"],
  ["alerted", "A person is told"],
];

interface BacktestResultProps {
  readonly system: string;
  readonly report: BacktestReport;
}

/** What a candidate would have made of history, beside what was made of it. */
export function BacktestResult({ system, report }: BacktestResultProps): ReactElement {
  const { looked, changed, more, history, candidate, samples } = report;
  const examples = ENDS.flatMap(([end]) =>
    samples[end].map((sample) => ({ ...sample, key: `${end} ${sample.failure}` })),
  );
  return (
    <SpaceBetween size="m">
      <Box variant="strong">
        {looked} messages{more ? ", the newest" : ""}; {changed} would be treated otherwise.
      </Box>
      <Table
        variant="borderless"
        trackBy="end"
        ariaLabels={{ tableLabel: "What would have become of them" }}
        items={ENDS.map(([end, label]) => ({ end, label, was: history[end], would: candidate[end] }))}
        columnDefinitions={[
          { id: "end", header: "End", isRowHeader: true, cell: ({ label }) => label },
          { id: "was", header: "Was", cell: ({ was }) => was },
          { id: "would", header: "Would be", cell: ({ would }) => would },
          { id: "difference", header: "Difference", cell: ({ was, would }) => signed(would - was) },
        ]}
      />
      <Table
        variant="borderless"
        trackBy="key"
        ariaLabels={{ tableLabel: "Examples" }}
        items={examples}
        empty={<Empty>Nothing would change.</Empty>}
        columnDefinitions={[
          {
            id: "failure",
            header: "Example",
            isRowHeader: true,
            cell: ({ failure }) => <InlineLink href={hrefOf(["failures", system, failure])}>{failure}</InlineLink>,
          },
          { id: "was", header: "Was", cell: ({ was }) => was },
          { id: "becomes", header: "Would be", cell: ({ becomes }) => becomes },
          { id: "because", header: "Because", cell: ({ because }) => because },
        ]}
      />
    </SpaceBetween>
  );
}

function signed(count: number): string {
  return count > 0 ? `+${count}` : String(count);
}
