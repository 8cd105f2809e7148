import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import LineChart from "@cloudscape-design/components/line-chart";
import type { ReactElement } from "react";
import type { GameDayReport } from "../../contract/region.ts";
import { shortNumber } from "../../format/short-number.ts";
import { Empty } from "../../parts/empty.tsx";

type Chart = GameDayReport["charts"][number];

/** The most points that a line is drawn by: a screen shows no more. */
const MOST_POINTS = 240;

interface ReportChartProps {
  readonly chart: Chart;
  /** How long the game day was. */
  readonly seconds: number;
}

/** A chart of a report: what was watched, second by second, and when each phase began. */
export function ReportChart({ chart: { title, unit, lines, spans }, seconds }: ReportChartProps): ReactElement {
  const most = Math.max(1, ...lines.flatMap(({ points }) => points.map(([, value]) => value)));
  return (
    <Container header={<Header variant="h2" description={describeSpans(spans)}>{`${title} (${unit})`}</Header>}>
      <LineChart
        ariaLabel={title}
        height={220}
        hideFilter
        fitHeight={false}
        series={[
          ...lines.map(({ name, points }) => ({
            type: "line" as const,
            title: name,
            data: thinned(points).map(([x, y]) => ({ x, y })),
          })),
          ...spans.map(({ name, fromSeconds }) => ({ type: "threshold" as const, title: name, x: fromSeconds })),
        ]}
        xDomain={[0, Math.max(1, seconds)]}
        yDomain={[0, most * 1.1]}
        xScaleType="linear"
        xTitle="Seconds"
        i18nStrings={{ xTickFormatter: (at) => String(Math.round(at)), yTickFormatter: shortNumber }}
        empty={<Empty>Nothing was watched.</Empty>}
      />
    </Container>
  );
}

/** `outage 12 to 40 s; drain 40 to 95 s` */
function describeSpans(spans: Chart["spans"]): string {
  return spans
    .map(({ name, fromSeconds, untilSeconds }) => `${name} ${Math.round(fromSeconds)} to ${Math.round(untilSeconds)} s`)
    .join("; ");
}

/** Of points that lie together, the highest: what a line is read for are its peaks. */
function thinned(points: Chart["lines"][number]["points"]): Chart["lines"][number]["points"] {
  const together = Math.ceil(points.length / MOST_POINTS);
  if (together <= 1) return points;
  return Array.from({ length: Math.ceil(points.length / together) }, (_, index) =>
    points
      .slice(index * together, (index + 1) * together)
      .reduce((highest, point) => (point[1] > highest[1] ? point : highest)),
  );
}
