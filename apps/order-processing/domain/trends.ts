import { type Forecast, forecast, type Sample } from "./forecast.ts";

/** What is watched for where it is going. */
export interface Watched {
  /** `queue orders`, `product p-1`. */
  readonly subject: string;
  readonly kind: "backlog" | "low-stock";
  readonly samples: readonly Sample[];
  readonly limit: number;
  /** It is told of what gets there within this time. */
  readonly horizonSeconds: number;
}

/** What `system_health` is told: that something will reach its limit, or no longer will. */
export type TrendAlert =
  | {
      readonly event: "trend";
      readonly kind: Watched["kind"];
      readonly subject: string;
      readonly now: number;
      readonly limit: number;
      readonly forecast: Forecast;
    }
  | { readonly event: "trend-over"; readonly kind: Watched["kind"]; readonly subject: string };

/** What is told now, each trend once until it is over; `told` are the subjects of those that have been. */
export function trendAlerts(watched: readonly Watched[], told: ReadonlySet<string>): readonly TrendAlert[] {
  return watched.flatMap(({ subject, kind, samples, limit, horizonSeconds }): readonly TrendAlert[] => {
    const found = forecast(samples, limit);
    const isComing = found !== undefined && found.likelySeconds <= horizonSeconds;
    if (isComing === told.has(subject)) return [];
    if (!isComing) return [{ event: "trend-over", kind, subject }];
    return [{ event: "trend", kind, subject, now: samples.at(-1)?.value ?? 0, limit, forecast: found }];
  });
}

/** The subjects that have been told of after some alerts. */
export function toldAfter(told: ReadonlySet<string>, alerts: readonly TrendAlert[]): ReadonlySet<string> {
  const after = new Set(told);
  for (const { event, subject } of alerts) event === "trend" ? after.add(subject) : after.delete(subject);
  return after;
}

/** The samples with one more: the oldest go. */
export function withSample(samples: readonly Sample[], sample: Sample, most: number): readonly Sample[] {
  return [...samples, sample].slice(-most);
}
