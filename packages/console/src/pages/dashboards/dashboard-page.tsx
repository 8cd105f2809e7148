import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import Grid from "@cloudscape-design/components/grid";
import Header from "@cloudscape-design/components/header";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import type { ShownDashboard } from "@reliq/core/recovery";
import { type ReactElement, useState } from "react";
import { readRegion } from "../../api/call-api.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { useLive } from "../../live/live.tsx";
import { usePlace } from "../../navigation/place.ts";
import { AlarmStateIndicator } from "../../parts/alarm-state.tsx";
import { AnswerError } from "../../parts/answer-error.tsx";
import { MetricChart } from "../../parts/metric-chart.tsx";
import { PageLayout } from "../../parts/page-layout.tsx";
import { UnknownPage } from "../../shell/unknown-page.tsx";
import { queriesOf, type Widget, widgetsIn } from "./widget.ts";

const MINUTE_MS = 60_000;

const SPANS = [
  { id: "15", text: "15 min" },
  { id: "60", text: "1 h" },
  { id: "360", text: "6 h" },
  { id: "1440", text: "1 d" },
];

/** One dashboard, drawn from its definition. */
export function DashboardPage(): ReactElement {
  const { path } = usePlace();
  const [, name = ""] = path;
  const [span, setSpan] = useState("60");
  const answered = useAnswer("dashboards", (signal) => readRegion<readonly ShownDashboard[]>("/dashboards", signal));
  const dashboard = answered.value?.find((each) => each.name === name);
  if (answered.error) return <AnswerError answered={answered} />;
  if (!answered.value) return <Spinner size="large" />;
  if (!dashboard) return <UnknownPage />;
  const widgets = widgetsIn(dashboard.body);
  return (
    <PageLayout
      title={name}
      description="Drawn from the template's own definition."
      actions={
        <SegmentedControl
          label="Time"
          selectedId={span}
          options={SPANS}
          onChange={({ detail }) => setSpan(detail.selectedId)}
        />
      }
    >
      <Grid gridDefinition={widgets.map(({ width }) => ({ colspan: { default: 12, m: columnsOf(width) } }))}>
        {widgets.map((widget, index) => {
          const key = `${index} ${widget.properties.title}`;
          return <WidgetView key={key} widget={widget} spanMs={Number(span) * MINUTE_MS} />;
        })}
      </Grid>
    </PageLayout>
  );
}

/** CloudWatch has 24 columns, Cloudscape 12; what is narrower than a third is hard to read. */
function columnsOf(width: number): number {
  return Math.min(12, Math.max(4, Math.round(width / 2)));
}

interface WidgetViewProps {
  readonly widget: Widget;
  readonly spanMs: number;
}

function WidgetView({ widget, spanMs }: WidgetViewProps): ReactElement {
  const { title = "", markdown, alarms } = widget.properties;
  if (widget.type === "text") return <Box variant="p">{markdown}</Box>;
  return (
    <Container fitHeight header={<Header variant="h2">{title}</Header>}>
      {widget.type === "alarm" ? (
        <AlarmStates names={alarms ?? []} />
      ) : (
        <MetricChart title={title} queries={queriesOf(widget)} spanMs={spanMs} />
      )}
    </Container>
  );
}

function AlarmStates({ names }: { readonly names: readonly string[] }): ReactElement {
  const wanted = names.map((arn) => arn.slice(arn.indexOf(":alarm:") + 7));
  const alarms = useLive(({ facts }) => (facts?.alarms ?? []).filter(({ name }) => wanted.includes(name)));
  return (
    <SpaceBetween direction="horizontal" size="l">
      {alarms.map(({ name, state }) => (
        <SpaceBetween key={name} direction="horizontal" size="xs">
          <AlarmStateIndicator state={state} />
          <span className="break-anywhere">{name}</span>
        </SpaceBetween>
      ))}
    </SpaceBetween>
  );
}
