import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import type { ReactElement } from "react";
import type { LiveQueue } from "../../contract/region.ts";
import { formatSeconds } from "../../format/time.ts";
import { useLive } from "../../live/live.tsx";
import { hrefOf, usePlace } from "../../navigation/place.ts";
import { AccountSum } from "../../parts/account-cells.tsx";
import { InlineLink } from "../../parts/inline-link.tsx";
import { MetricChart } from "../../parts/metric-chart.tsx";
import { PageLayout } from "../../parts/page-layout.tsx";
import { UnknownPage } from "../../shell/unknown-page.tsx";

/** What is drawn, milliseconds until now. */
const SPAN_MS = 3_600_000;

/** One queue: its account, its failures, and its last hour. */
export function QueuePage(): ReactElement {
  const { path } = usePlace();
  const [, name = ""] = path;
  const heard = useLive(({ facts }) => facts !== undefined);
  const queue = useLive(({ facts }) => facts?.queues.find((each) => each.queue === name));
  const system = useLive(({ facts }) => systemOf(name, facts?.totals ?? []));
  if (!heard) return <Spinner size="large" />;
  if (!queue) return <UnknownPage />;
  return (
    <PageLayout
      title={name}
      description={
        queue.deadLetterQueue ? `Dead-letter queue ${queue.deadLetterQueue}` : "It has no dead-letter queue."
      }
    >
      <Container header={<Header variant="h2">Account</Header>}>
        <SpaceBetween size="l">
          <AccountSum queue={queue} />
          <KeyValuePairs columns={4} minColumnWidth={160} items={factsOf(queue, system)} />
        </SpaceBetween>
      </Container>
      <ColumnLayout columns={2} minColumnWidth={340}>
        <Charted title="Messages a minute" queue={name} metrics={FLOW} />
        <Charted title="Messages in it" queue={name} metrics={DEPTH} />
        <Charted title="Age of the oldest message, s" queue={name} metrics={AGE} />
      </ColumnLayout>
    </PageLayout>
  );
}

function systemOf(
  queue: string,
  totals: readonly { readonly queue: string; readonly system: string }[],
): string | undefined {
  return totals.find((each) => each.queue === queue)?.system;
}

function factsOf(queue: LiveQueue, system: string | undefined): { label: string; value: ReactElement | string }[] {
  const { account, ageSeconds = 0, maxReceiveCount } = queue;
  return [
    { label: "Waiting", value: account.waiting.toLocaleString("en") },
    { label: "In flight", value: account.inFlight.toLocaleString("en") },
    { label: "Oldest message", value: ageSeconds === 0 ? "-" : formatSeconds(ageSeconds) },
    { label: "Receives before it dies", value: maxReceiveCount === undefined ? "no limit" : String(maxReceiveCount) },
    ...(system === undefined
      ? []
      : [
          {
            label: "Failures",
            value: <InlineLink href={hrefOf(["failures"], { system, queue: queue.queue })}>Show them</InlineLink>,
          },
        ]),
  ];
}

type Metric = readonly [name: string, stat: string, label: string];

const FLOW: readonly Metric[] = [
  ["NumberOfMessagesSent", "Sum", "sent"],
  ["NumberOfMessagesDeleted", "Sum", "deleted"],
];
const DEPTH: readonly Metric[] = [
  ["ApproximateNumberOfMessagesVisible", "Maximum", "waiting"],
  ["ApproximateNumberOfMessagesNotVisible", "Maximum", "in flight"],
];
const AGE: readonly Metric[] = [["ApproximateAgeOfOldestMessage", "Maximum", "age"]];

interface ChartedProps {
  readonly title: string;
  readonly queue: string;
  readonly metrics: readonly Metric[];
}

function Charted({ title, queue, metrics }: ChartedProps): ReactElement {
  const queries = metrics.map(([MetricName, Stat, Label], index) => ({
    Id: `q${index}`,
    Label,
    MetricStat: {
      Metric: { Namespace: "AWS/SQS", MetricName, Dimensions: [{ Name: "QueueName", Value: queue }] },
      Period: 60,
      Stat,
    },
  }));
  return (
    <Container header={<Header variant="h2">{title}</Header>}>
      <MetricChart title={title} queries={queries} spanMs={SPAN_MS} />
    </Container>
  );
}
