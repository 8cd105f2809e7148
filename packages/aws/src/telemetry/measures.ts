import { writeLine } from "../write-line.ts";

/** One number that something counted or saw. */
export interface Measure {
  readonly name: string;
  readonly value: number;
  /** `count`: it adds up; `gauge`: how much there is now. */
  readonly kind: "count" | "gauge";
  /** What it is about, the widest first: `{ Queue: "orders", Category: "timeout" }`. */
  readonly dimensions: Readonly<Record<string, string>>;
}

/** Takes numbers to where they are looked at; must not throw. */
export type Measures = (measures: readonly Measure[]) => void;

/** Where measures go. */
export interface EmfMeasuresOptions {
  /** The namespace in CloudWatch. @default "Reliq" */
  readonly namespace?: string;
  /** Where the line goes. @default stdout, which Lambda ships to CloudWatch */
  readonly write?: (line: string) => void;
  /** Milliseconds since the Unix epoch. @default Date.now */
  readonly now?: () => number;
}

/**
 * Measures in CloudWatch's embedded metric format, one line for each distinct set of dimensions. Each is there under all of its
 * dimensions, and under fewer of them, down to none: a total needs no metric math.
 */
export function emfMeasures({
  namespace = "Reliq",
  write = writeLine,
  now = Date.now,
}: EmfMeasuresOptions = {}): Measures {
  return (measures) => {
    for (const [key, same] of Map.groupBy(measures, ({ dimensions }) => JSON.stringify(dimensions))) {
      const dimensions = JSON.parse(key) as Record<string, string>;
      const names = Object.keys(dimensions);
      const byName = Map.groupBy(same, ({ name }) => name);
      const directive = {
        Namespace: namespace,
        Dimensions: [[], ...names.map((_, index) => names.slice(0, index + 1))],
        Metrics: [...byName.keys()].map((Name) => ({ Name, Unit: "Count" })),
      };
      const values = Object.fromEntries([...byName].map(([name, each]) => [name, sumOrLast(each)]));
      write(JSON.stringify({ _aws: { Timestamp: now(), CloudWatchMetrics: [directive] }, ...dimensions, ...values }));
    }
  };
}

/** Counts add up; of what there is, the last look holds. */
function sumOrLast(same: readonly Measure[]): number {
  return same.reduce((sum, { kind, value }) => (kind === "count" ? sum + value : value), 0);
}
