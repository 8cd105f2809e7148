import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import Link from "@cloudscape-design/components/link";
import type { FailureState } from "@reliq/core/recovery";
import type { ReactElement } from "react";
import { useLive } from "../../live/live.tsx";
import { follow, hrefOf } from "../../navigation/place.ts";
import { FailureStateIndicator } from "../../parts/failure-state.tsx";
import type { FailureQuery } from "./failure-query.ts";

const STATES: readonly FailureState[] = ["held", "healing", "requeued", "archived", "resolved", "discarded"];

interface StateCountsProps {
  readonly system: string;
  readonly asked: FailureQuery;
}

/** How many failed messages are where, as the store's totals say: nothing is counted by listing. */
export function StateCounts({ system, asked }: StateCountsProps): ReactElement {
  const totals = useLive(({ facts }) =>
    (facts?.totals ?? []).filter(
      (each) => each.system === system && (asked.queue === undefined || each.queue === asked.queue),
    ),
  );
  const countOf = (state: FailureState): string =>
    totals.reduce((sum, { states }) => sum + states[state], 0).toLocaleString("en");
  return (
    <Container>
      <ColumnLayout columns={STATES.length} variant="text-grid" minColumnWidth={110}>
        {STATES.map((state) => ({ state, count: countOf(state) })).map(({ state, count }) => (
          <div key={state}>
            <FailureStateIndicator state={state} />
            <div>
              <Link
                variant="awsui-value-large"
                href={hrefOf(["failures"], { system, queue: asked.queue, state })}
                ariaLabel={`${count} ${state}`}
                onFollow={follow}
              >
                {count}
              </Link>
            </div>
          </div>
        ))}
      </ColumnLayout>
    </Container>
  );
}
