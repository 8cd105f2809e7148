import Container from "@cloudscape-design/components/container";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import Header from "@cloudscape-design/components/header";
import type { RegionFlow } from "@reliq/core/recovery";
import type { ReactElement } from "react";
import { readRegion } from "../../api/call-api.ts";
import { useAnswer } from "../../api/use-answer.ts";
import type { LiveQueue, System } from "../../contract/region.ts";
import { useLive } from "../../live/live.tsx";
import { hrefOf } from "../../navigation/place.ts";
import { AnswerError } from "../../parts/answer-error.tsx";
import { Empty } from "../../parts/empty.tsx";
import { InlineLink } from "../../parts/inline-link.tsx";
import { PageLayout } from "../../parts/page-layout.tsx";
import { QueueTable } from "../../parts/queue-table.tsx";
import { useRegion } from "../../shell/region.tsx";
import { Figures } from "./figures.tsx";
import { FlowDiagram } from "./flow-diagram.tsx";

/** Everything at a glance: how each system's messages flow, and whether each one is accounted for. */
export function OverviewPage(): ReactElement {
  const { systems } = useRegion();
  const flow = useAnswer("flow", (signal) => readRegion<RegionFlow>("/flow", signal));
  return (
    <PageLayout title="Overview" description="Every message is in one known place.">
      <AnswerError answered={flow} />
      <Figures />
      {systems.map((system) => (
        <SystemPanel key={system.name} system={system} flow={flow.value} />
      ))}
      {systems.length === 0 && (
        <Container>
          <Empty>Nothing is deployed here yet: `reliq local deploy --assembly cdk.out`.</Empty>
        </Container>
      )}
    </PageLayout>
  );
}

interface SystemPanelProps {
  readonly system: System;
  readonly flow: RegionFlow | undefined;
}

function SystemPanel({ system: { name, resources, hasApi }, flow }: SystemPanelProps): ReactElement {
  const facts = useLive(({ facts: heard }) => ({
    hasApi,
    queues: queuesOf(name, heard?.queues ?? [], flow),
    totals: (heard?.totals ?? []).filter(({ system }) => system === name),
  }));
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={`${resources} resources`}
          info={hasApi && <InlineLink href={hrefOf(["failures"], { system: name })}>Failures</InlineLink>}
        >
          {name}
        </Header>
      }
    >
      {flow && (
        <ExpandableSection defaultExpanded headerText="Flow" headingTagOverride="h3">
          <FlowDiagram system={name} flow={flow} facts={facts} />
        </ExpandableSection>
      )}
      <QueueTable title={`Queues of ${name}`} queues={facts.queues} />
    </Container>
  );
}

function queuesOf(system: string, queues: readonly LiveQueue[], flow: RegionFlow | undefined): readonly LiveQueue[] {
  const own = new Set((flow?.nodes ?? []).filter((node) => node.system === system).map(({ name }) => name));
  return queues.filter(({ queue }) => queue.split(" + ").some((name) => own.has(name)));
}
