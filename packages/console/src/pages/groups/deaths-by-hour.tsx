import BarChart from "@cloudscape-design/components/bar-chart";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import type { HourCount } from "@reliq/core/recovery";
import type { ReactElement } from "react";
import { Empty } from "../../parts/empty.tsx";

const HOUR_MS = 3_600_000;

/** The hours that are drawn. */
const HOURS = 48;

/** How many messages died in each hour of the last two days. */
export function DeathsByHour({ hours }: { readonly hours: readonly HourCount[] }): ReactElement {
  const last = Math.floor(Math.max(Date.now(), hours.at(-1)?.atMs ?? 0) / HOUR_MS) * HOUR_MS;
  const counts = new Map(hours.map(({ atMs, deaths }) => [atMs, deaths]));
  const data = Array.from({ length: HOURS }, (_, index) => {
    const atMs = last - (HOURS - 1 - index) * HOUR_MS;
    return { x: new Date(atMs), y: counts.get(atMs) ?? 0 };
  });
  const most = Math.max(1, ...data.map(({ y }) => y));
  return (
    <Container header={<Header variant="h2">Deaths by hour</Header>}>
      <BarChart
        height={160}
        hideFilter
        hideLegend
        ariaLabel="Deaths by hour, of the last 48 hours"
        series={[{ type: "bar", title: "Deaths", data }]}
        xDomain={data.map(({ x }) => x)}
        yDomain={[0, most]}
        xTitle="Hour (UTC)"
        yTitle="Deaths"
        i18nStrings={{
          xTickFormatter: (at) => `${at.toISOString().slice(5, 10)}\n${at.toISOString().slice(11, 16)}`,
          yTickFormatter: (count) => (Number.isInteger(count) ? String(count) : ""),
        }}
        empty={<Empty>None died in the last 48 hours.</Empty>}
      />
    </Container>
  );
}
