import type { Members } from "../../../kernel/service.ts";
import { invalidCombination, invalidValue, missing, notServed } from "../errors.ts";
import { integerWithin, optionalChoice, optionalNumber, optionalText, requiredText } from "../input.ts";
import { type MetricQuery, readQueries } from "../metrics/queries.ts";
import { type AlarmRule, MISSING_DATA } from "./decide.ts";

export type Comparison =
  | "GreaterThanOrEqualToThreshold"
  | "GreaterThanThreshold"
  | "LessThanOrEqualToThreshold"
  | "LessThanThreshold";

interface Comparing {
  readonly breaches: (value: number, threshold: number) => boolean;
  /** How the reason of a state says it. */
  readonly words: string;
}

/** How a value breaches a threshold. */
export const COMPARISONS: Readonly<Record<Comparison, Comparing>> = {
  GreaterThanOrEqualToThreshold: {
    breaches: (value, threshold) => value >= threshold,
    words: "greater than or equal to",
  },
  GreaterThanThreshold: { breaches: (value, threshold) => value > threshold, words: "greater than" },
  LessThanOrEqualToThreshold: { breaches: (value, threshold) => value <= threshold, words: "less than or equal to" },
  LessThanThreshold: { breaches: (value, threshold) => value < threshold, words: "less than" },
};

/** A metric alarm as it is evaluated. */
export interface MetricAlarm extends AlarmRule {
  readonly queries: readonly MetricQuery[];
  /** The query that is compared with the threshold. */
  readonly watched: MetricQuery;
  readonly comparison: Comparison;
  readonly threshold: number;
}

/** The longest time that an alarm looks at, seconds: a day for periods under an hour, a week for others (PutMetricAlarm). */
const DAY_SECONDS = 86_400;
const WEEK_SECONDS = 7 * DAY_SECONDS;

const NOT_SERVED = ["ThresholdMetricId", "EvaluationCriteria", "EvaluationInterval"] as const;

/** Reads a metric alarm of the members of PutMetricAlarm, which a template names alike. @throws InvalidParameterValue and others */
export function readMetricAlarm(input: Members): MetricAlarm {
  for (const member of NOT_SERVED) if (input[member] !== undefined) throw notServed(`an alarm's ${member}`);
  if (optionalText(input, "EvaluateLowSampleCountPercentile") === "ignore") {
    throw notServed("EvaluateLowSampleCountPercentile ignore");
  }
  const queries = input["Metrics"] === undefined ? [readMetricQuery(input)] : readQueries(input, "Metrics");
  const [watched, ...others] = queries.filter((query) => query.returned);
  if (!watched || others.length > 0) throw invalidValue("Exactly one element of the metrics list should return data.");
  const evaluationPeriods = integerWithin(input, "EvaluationPeriods", 1, WEEK_SECONDS);
  if (evaluationPeriods === undefined) throw missing("EvaluationPeriods");
  const comparison = optionalChoice(input, "ComparisonOperator", Object.keys(COMPARISONS) as Comparison[]);
  if (comparison === undefined) throw missing("ComparisonOperator");
  const threshold = optionalNumber(input, "Threshold");
  if (threshold === undefined) throw missing("Threshold");
  checkLength(watched.periodSeconds, evaluationPeriods);
  return {
    queries,
    watched,
    comparison,
    threshold,
    evaluationPeriods,
    datapointsToAlarm: integerWithin(input, "DatapointsToAlarm", 1, evaluationPeriods) ?? evaluationPeriods,
    treatMissingData: optionalChoice(input, "TreatMissingData", MISSING_DATA) ?? defaultTreatment(watched),
  };
}

/** Alarms on DynamoDB's metrics ignore missing data by default (CloudWatch user guide, "Configuring how alarms treat missing data"). */
function defaultTreatment({ source }: MetricQuery): AlarmRule["treatMissingData"] {
  return "stat" in source && source.stat.metric.namespace === "AWS/DynamoDB" ? "ignore" : "missing";
}

/** The one metric of an alarm without a list of them. */
function readMetricQuery(input: Members): MetricQuery {
  const statistic = optionalText(input, "Statistic");
  const extended = optionalText(input, "ExtendedStatistic");
  if ((statistic === undefined) === (extended === undefined)) {
    throw invalidCombination("An alarm on a metric has either a Statistic or an ExtendedStatistic.");
  }
  const { Namespace, MetricName, Dimensions, Period, Unit } = input;
  const Metric = { Namespace, MetricName, Dimensions };
  const query = { Id: "m1", ReturnData: true, MetricStat: { Metric, Period, Unit, Stat: statistic ?? extended } };
  const [read] = readQueries({ Metrics: [query] }, "Metrics");
  if (!read) throw missing("MetricName");
  return read;
}

function checkLength(periodSeconds: number, evaluationPeriods: number): void {
  if (![10, 20, 30].includes(periodSeconds) && periodSeconds % 60 !== 0) {
    throw invalidValue(`The period of an alarm is 10, 20, 30 or a multiple of 60 seconds, not ${periodSeconds}.`);
  }
  const longest = periodSeconds < 3_600 ? DAY_SECONDS : WEEK_SECONDS;
  if (periodSeconds * evaluationPeriods > longest) {
    throw invalidCombination(
      `Metrics cannot be checked across more than ${longest} seconds (EvaluationPeriods * Period must be <= ${longest}).`,
    );
  }
}

/** The name of an alarm, 1 to 255 characters. @throws InvalidParameterValue */
export function readAlarmName(input: Members): string {
  const name = requiredText(input, "AlarmName");
  if (name.length <= 255) return name;
  throw invalidValue(`The value ${name} for parameter AlarmName is invalid: it has more than 255 characters.`);
}
