import type { ReactElement } from "react";
import { usePlace } from "../../navigation/place.ts";
import { PageLayout } from "../../parts/page-layout.tsx";
import { SystemSelect, useSystem } from "../../parts/system-select.tsx";
import { readQuery } from "./failure-query.ts";
import { FailureTable } from "./failure-table.tsx";
import { StateCounts } from "./state-counts.tsx";

/** Failed messages: which there are, and what is to become of them. */
export function FailuresPage(): ReactElement {
  const { query } = usePlace();
  const system = useSystem();
  const asked = readQuery(query);
  return (
    <PageLayout
      title="Failures"
      description="Every message that died: why, and where it is now."
      actions={<SystemSelect />}
    >
      <StateCounts system={system} asked={asked} />
      <FailureTable key={system} system={system} asked={asked} />
    </PageLayout>
  );
}
