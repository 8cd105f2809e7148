import type { ReactElement } from "react";
import { useLive } from "../../live/live.tsx";
import { PageLayout } from "../../parts/page-layout.tsx";
import { QueueTable } from "../../parts/queue-table.tsx";

/** Every queue of the region, as it is now. */
export function QueuesPage(): ReactElement {
  const queues = useLive(({ facts }) => facts?.queues ?? []);
  return (
    <PageLayout
      title="Queues"
      description="Each with its dead-letter queue: how fast, how deep, how old, and whether each accepted message is somewhere."
    >
      <QueueTable title="All queues" queues={queues} />
    </PageLayout>
  );
}
