import { median } from "./compare.ts";
import { type LoadRun, runLoad } from "./orders-load.ts";
import { withOrderRegion } from "./orders-setting.ts";

/** From send to effect, of the messages of groups in which nothing fails, with and without other groups that are held. */
export interface HealthyGroups {
  /** The P95 with held groups over the one without, of two runs that follow each other: the median of these pairs. */
  readonly healthyP95Ratio: number;
  readonly healthyP95Ms: { readonly withHeld: number; readonly withoutPoison: number };
  readonly healthyP50Ms: { readonly withHeld: number; readonly withoutPoison: number };
  /** Messages of a run that were set aside behind a failed one. */
  readonly setAside: number;
}

/** Runs of each kind that count, in turns, after one that warms up. */
const RUNS = 10;

/** Runs the same load with and without poison, in turns, through a worker that holds groups. */
export async function measureHealthyGroups(): Promise<HealthyGroups> {
  return await withOrderRegion(async (region) => {
    const runs = { poison: [] as LoadRun[], none: [] as LoadRun[] };
    for (let run = 0; run <= RUNS; run++) {
      for (const kind of run % 2 === 0 ? (["none", "poison"] as const) : (["poison", "none"] as const)) {
        const done = await runLoad(region, `healthy-${run}-${kind}`, kind === "poison");
        const [p50, p95] = [quantile(done.latenciesMs, 0.5), quantile(done.latenciesMs, 0.95)];
        console.error(
          `healthy  run ${run}${run === 0 ? " (warm-up)" : ""}  ${kind}: P50 ${p50.toFixed(1)} ms, P95 ${p95.toFixed(1)} ms of ${done.latenciesMs.length}, ${done.setAside} set aside`,
        );
        if (run > 0) runs[kind].push(done);
      }
    }
    const of = (all: readonly LoadRun[], share: number): number =>
      Number(median(all.map(({ latenciesMs }) => quantile(latenciesMs, share))).toFixed(1));
    const pairs = runs.poison.map(
      ({ latenciesMs }, run) => quantile(latenciesMs, 0.95) / quantile(runs.none[run]?.latenciesMs ?? [], 0.95),
    );
    const [withHeld, withoutPoison] = [of(runs.poison, 0.95), of(runs.none, 0.95)];
    return {
      healthyP95Ratio: Number(median(pairs).toFixed(2)),
      healthyP95Ms: { withHeld, withoutPoison },
      healthyP50Ms: { withHeld: of(runs.poison, 0.5), withoutPoison: of(runs.none, 0.5) },
      setAside: median(runs.poison.map(({ setAside }) => setAside)),
    };
  });
}

/** The value that this share of the values does not exceed. */
function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1] ?? Number.NaN;
}
