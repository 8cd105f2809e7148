import { atMost, type Measure, quantile, shown } from "reliq/gameday";
import type { Request } from "./load.ts";
import { type Effects, effectTimes } from "./outcome.ts";

/** What healthy events may take however fast they were before, milliseconds (what is asked of an order's P95). */
const ALLOWED_MS = 5_000;

/** How many times as long as before healthy events may take. */
const TIMES = 3;

/** How long healthy events took from request to effect before a fault and while it was there: it may not slow them. */
export function healthyMeasures(
  requests: readonly Request[],
  effects: Effects,
  faultBeganAtMs: number,
): readonly Measure[] {
  const [before, during] = [true, false].map((isBefore) => {
    const those = requests.filter(({ sentAtMs }) => sentAtMs < faultBeganAtMs === isBefore);
    return quantile(effectTimes(those, effects), 0.95);
  }) as [number, number];
  const limit = Math.round(Math.max(ALLOWED_MS, before * TIMES));
  return [
    shown("healthy events before it, request to effect, P95", before, "ms"),
    atMost("healthy events during it, request to effect, P95", during, limit, "ms"),
  ];
}
