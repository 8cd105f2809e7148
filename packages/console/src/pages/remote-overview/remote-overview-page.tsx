import Header from "@cloudscape-design/components/header";
import Table from "@cloudscape-design/components/table";
import type { ReactElement } from "react";
import type { LiveFacts } from "../../contract/region.ts";
import { useLive } from "../../live/live.tsx";
import { hrefOf } from "../../navigation/place.ts";
import { Empty } from "../../parts/empty.tsx";
import { InlineLink } from "../../parts/inline-link.tsx";
import { PageLayout } from "../../parts/page-layout.tsx";
import { useRegion } from "../../shell/region.tsx";

const STATES = ["held", "healing", "requeued", "resolved", "archived", "discarded"] as const;

type Totals = LiveFacts["totals"][number];

/** What recovery keeps of each system, where nothing tells of the region. */
export function RemoteOverviewPage(): ReactElement {
  const totals = useLive(({ facts }) => facts?.totals);
  const { systems } = useRegion();
  return (
    <PageLayout
      title="Overview"
      description="Failed messages by where they are. Queues, alarms and dashboards are in the CloudWatch console."
    >
      {systems.map(({ name }) => (
        <Table
          key={name}
          trackBy="queue"
          items={(totals ?? []).filter(({ system }) => system === name)}
          loading={totals === undefined}
          loadingText="Reading totals"
          ariaLabels={{ tableLabel: `Failed messages of ${name}` }}
          header={<Header variant="h2">{name}</Header>}
          empty={<Empty>No message has failed.</Empty>}
          columnDefinitions={[
            {
              id: "queue",
              header: "Queue",
              isRowHeader: true,
              cell: ({ queue }: Totals) => (
                <InlineLink href={hrefOf(["failures"], { system: name, queue })}>{queue}</InlineLink>
              ),
            },
            ...STATES.map((state) => ({
              id: state,
              header: `${state[0]?.toUpperCase()}${state.slice(1)}`,
              cell: ({ states }: Totals) => states[state].toLocaleString("en"),
            })),
          ]}
        />
      ))}
    </PageLayout>
  );
}
