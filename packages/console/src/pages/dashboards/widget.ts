/** A widget of a dashboard, as its definition has it (CloudWatch, "Dashboard body structure and syntax"). */
export interface Widget {
  readonly type: string;
  /** Of 24 columns. */
  readonly width: number;
  /** Of rows, about 50 pixels each. */
  readonly height: number;
  readonly properties: {
    readonly title?: string;
    readonly view?: string;
    readonly markdown?: string;
    readonly alarms?: readonly string[];
    readonly metrics?: readonly WidgetLine[];
    readonly stat?: string;
    readonly period?: number;
  };
}

interface LineOptions {
  readonly label?: string;
  readonly stat?: string;
  readonly period?: number;
  readonly id?: string;
  readonly visible?: boolean;
  readonly expression?: string;
}

/** Namespace, name, names and values of dimensions, and how it is shown; `.` repeats what stands above, `...` all of it. */
type WidgetLine = readonly (LineOptions | string)[];

/** One query of CloudWatch's GetMetricData. */
export interface MetricQuery {
  readonly Id: string;
  readonly Label: string;
  readonly ReturnData: boolean;
  readonly Expression?: string;
  readonly Period?: number;
  readonly MetricStat?: {
    readonly Metric: {
      readonly Namespace: string;
      readonly MetricName: string;
      readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
    };
    readonly Period: number;
    readonly Stat: string;
  };
}

/** The widgets of a dashboard's body; none where it is not readable. */
export function widgetsIn(body: string): readonly Widget[] {
  try {
    return (JSON.parse(body) as { readonly widgets?: readonly Widget[] }).widgets ?? [];
  } catch {
    return [];
  }
}

/** What a widget asks of CloudWatch. */
export function queriesOf({ properties }: Widget): readonly MetricQuery[] {
  const { metrics = [], stat = "Average", period = 300 } = properties;
  let above: readonly string[] = [];
  return metrics.map((line, index): MetricQuery => {
    const given = line.filter((part) => typeof part === "string");
    const options = line.find((part) => typeof part === "object") ?? {};
    const Id = options.id ?? `q${index}`;
    const ReturnData = options.visible ?? true;
    const { expression } = options;
    if (expression !== undefined) {
      return { Id, Label: options.label ?? expression, ReturnData, Expression: expression, Period: period };
    }
    const names = repeated(given, above);
    above = names;
    const [Namespace = "", MetricName = "", ...dimensions] = names;
    const Dimensions = Array.from({ length: Math.floor(dimensions.length / 2) }, (_, place) => ({
      Name: dimensions[place * 2] ?? "",
      Value: dimensions[place * 2 + 1] ?? "",
    }));
    const Label = options.label ?? [MetricName, ...Dimensions.map(({ Value }) => Value)].join(" ");
    const Metric = { Namespace, MetricName, Dimensions };
    return {
      Id,
      Label,
      ReturnData,
      MetricStat: { Metric, Period: options.period ?? period, Stat: options.stat ?? stat },
    };
  });
}

function repeated(given: readonly string[], above: readonly string[]): readonly string[] {
  if (given[0] === "...") return [...above.slice(0, above.length - given.length + 1), ...given.slice(1)];
  return given.map((part, index) => (part === "." ? (above[index] ?? part) : part));
}
