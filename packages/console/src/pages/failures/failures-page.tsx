import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { ReactElement } from "react";
import { follow, hrefOf, usePlace } from "../../navigation/place.ts";
import { PageLayout } from "../../parts/page-layout.tsx";
import { SystemSelect, useSystem } from "../../parts/system-select.tsx";
import { addressOf, type FailureQuery, readQuery } from "./failure-query.ts";
import { FailureTable } from "./failure-table.tsx";
import { StateCounts } from "./state-counts.tsx";
import { beginFailureList } from "./use-failure-list.ts";

/** Asks for the list of an address that names its system: the page takes longer to be drawn than its answer to come. */
export function begin(query: URLSearchParams): void {
  const system = query.get("system");
  if (system !== null) beginFailureList(system, readQuery(query));
}

/** Failed messages: which there are, and what is to become of them. */
export function FailuresPage(): ReactElement {
  const { query } = usePlace();
  const system = useSystem();
  const asked = readQuery(query);
  return (
    <PageLayout
      title="Failures"
      description="Every message that died: why, and where it is now."
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <RepairLink system={system} asked={asked} />
          <SystemSelect />
        </SpaceBetween>
      }
    >
      <StateCounts system={system} asked={asked} />
      <FailureTable key={system} system={system} asked={asked} />
    </PageLayout>
  );
}

interface RepairLinkProps {
  readonly system: string;
  readonly asked: FailureQuery;
}

/** To a repair of the held ones among what is filtered for. */
function RepairLink({ system, asked }: RepairLinkProps): ReactElement {
  const { state: _, ...filter } = asked;
  const named = Object.keys(filter).length > 0;
  return (
    <Button
      disabled={!named}
      disabledReason="Filter by a queue, a category, an error …: all that is held of it can be repaired."
      {...(named && { href: hrefOf(["repairs"], { system, ...addressOf(filter) }), onFollow: follow })}
    >
      Repair …
    </Button>
  );
}
