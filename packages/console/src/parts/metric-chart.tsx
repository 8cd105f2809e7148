import Box from "@cloudscape-design/components/box";
import LineChart from "@cloudscape-design/components/line-chart";
import type { MetricAnswer, MetricRequest } from "@reliq/core/recovery";
import type { ReactElement } from "react";
import { readRegion } from "../api/call-api.ts";
import { useAnswer } from "../api/use-answer.ts";
import { shortNumber } from "../format/short-number.ts";
import { Empty } from "./empty.tsx";
import { useEvery } from "./use-every.ts";

/** How often a chart is read anew, milliseconds: metrics have a value a minute. */
const REFRESH_MS = 15_000;

interface MetricChartProps {
  readonly title: string;
  readonly queries: MetricRequest["queries"];
  /** What is shown: until now. */
  readonly spanMs: number;
  readonly height?: number;
}

/** Metrics over time, as CloudWatch has them. */
export function MetricChart({ title, queries, spanMs, height = 200 }: MetricChartProps): ReactElement {
  const round = useEvery(REFRESH_MS);
  const answered = useAnswer(
    JSON.stringify([queries, spanMs]),
    (signal) => {
      const toMs = Date.now();
      return readRegion<MetricAnswer>("/metrics", signal, { fromMs: toMs - spanMs, toMs, queries });
    },
    round,
  );
  const series = (answered.value?.series ?? []).filter(({ points }) => points.length > 0);
  const most = Math.max(1, ...series.flatMap(({ points }) => points.map(([, value]) => value)));
  return (
    <LineChart
      ariaLabel={title}
      height={height}
      hideFilter
      fitHeight={false}
      statusType={answered.error ? "error" : answered.value ? "finished" : "loading"}
      errorText={answered.error?.message ?? ""}
      loadingText="Reading metrics"
      series={series.map(({ label, points }) => ({
        type: "line",
        title: label,
        data: points.map(([atMs, y]) => ({ x: new Date(atMs), y })),
      }))}
      xDomain={[new Date(Date.now() - spanMs), new Date()]}
      yDomain={[0, most * 1.1]}
      xScaleType="time"
      i18nStrings={{
        xTickFormatter: (at) => at.toISOString().slice(11, 16),
        yTickFormatter: shortNumber,
      }}
      empty={
        <Empty>
          <Box color="inherit">No value in this time.</Box>
        </Empty>
      }
    />
  );
}
