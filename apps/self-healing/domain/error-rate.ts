import type { BatchSeen, Measure, Metrics } from "@reliq/aws/telemetry";

/** How often attempts fail: its average is percent, since each attempt is 0 or 100. */
export function errorRate(take: (measures: readonly Measure[]) => void): Metrics {
  return ({ attempted }: BatchSeen) => {
    for (const { outcome } of attempted) {
      const failed = outcome.kind === "failed" || outcome.kind === "dead-lettered";
      take([{ name: "Consumer_Error_Rate", value: failed ? 100 : 0, kind: "gauge", dimensions: {} }]);
    }
  };
}
