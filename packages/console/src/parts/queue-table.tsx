import Header from "@cloudscape-design/components/header";
import Table from "@cloudscape-design/components/table";
import type { ReactElement } from "react";
import type { LiveQueue } from "../contract/region.ts";
import { formatSeconds } from "../format/time.ts";
import { useLive, useLivePast } from "../live/live.tsx";
import { ratesOf } from "../live/rates.ts";
import { hrefOf } from "../navigation/place.ts";
import { AccountSum } from "./account-cells.tsx";
import { Empty } from "./empty.tsx";
import { InlineLink } from "./inline-link.tsx";
import { useEvery } from "./use-every.ts";

interface QueueTableProps {
  readonly queues: readonly LiveQueue[];
  readonly title: string;
}

/** Queues as they are now: how fast, how deep, how old, and whether each accepted message is somewhere. */
export function QueueTable({ queues, title }: QueueTableProps): ReactElement {
  const heard = useLive(({ facts }) => facts !== undefined);
  const readPast = useLivePast();
  useEvery(2_000);
  const [past, nowMs] = [readPast(), Date.now()];
  return (
    <Table
      trackBy="queue"
      items={queues.map((each) => ({ ...each, rates: ratesOf(each.queue, past, nowMs) }))}
      ariaLabels={{ tableLabel: title }}
      header={<Header variant="h2">{title}</Header>}
      resizableColumns
      wrapLines
      loading={!heard}
      loadingText="Reading queues"
      empty={<Empty>There is no queue.</Empty>}
      columnDefinitions={[
        {
          id: "queue",
          header: "Queue",
          isRowHeader: true,
          width: 170,
          cell: ({ queue }) => <InlineLink href={hrefOf(["queues", queue])}>{queue}</InlineLink>,
        },
        { id: "in", header: "In / s", width: 80, cell: ({ rates }) => rates.accepted.toFixed(1) },
        { id: "out", header: "Out / s", width: 90, cell: ({ rates }) => rates.processed.toFixed(1) },
        { id: "waiting", header: "Waiting", width: 105, cell: ({ account }) => account.waiting },
        { id: "flight", header: "In flight", width: 85, cell: ({ account }) => account.inFlight },
        {
          id: "age",
          header: "Oldest",
          width: 95,
          cell: ({ ageSeconds = 0 }) => (ageSeconds === 0 ? "-" : formatSeconds(ageSeconds)),
        },
        { id: "dead", header: "Dead letters", width: 90, cell: ({ account }) => account.deadLettered },
        { id: "account", header: "Account", width: 230, cell: (queue) => <AccountSum queue={queue} /> },
      ]}
    />
  );
}
