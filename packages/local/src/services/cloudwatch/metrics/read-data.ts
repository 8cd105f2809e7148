import type { Members } from "../../../kernel/service.ts";
import { newTally, type Tally, tally } from "../../../kernel/tally.ts";
import { invalidCombination, invalidValue, missing } from "../errors.ts";
import { integerWithin, numbers, optionalNumber, optionalStructure, optionalTime, structures } from "../input.ts";
import { readMetric, readUnit } from "./metric.ts";
import type { Datum } from "./metric-store.ts";

/** The limits of a request, and how far a datum may lie from now (PutMetricData). */
const MOST_DATA = 1_000;
const MOST_VALUES = 150;
const OLDEST_MS = 14 * 86_400_000;
const NEWEST_MS = 2 * 3_600_000;
const LARGEST = 2 ** 360;

/** Reads the `MetricData` of a namespace. @throws InvalidParameterValue, MissingParameter, InvalidParameterCombination */
export function readData(input: Members, namespace: string, nowMs: number): readonly Datum[] {
  const given = structures(input, "MetricData");
  if (given.length > MOST_DATA) {
    throw invalidValue(`The collection MetricData must not have a size greater than ${MOST_DATA}.`);
  }
  return given.map((each) => readDatum(each, namespace, nowMs));
}

function readDatum(input: Members, namespace: string, nowMs: number): Datum {
  const atMs = optionalTime(input, "Timestamp") ?? nowMs;
  if (atMs < nowMs - OLDEST_MS || atMs > nowMs + NEWEST_MS) {
    throw invalidValue(
      `The parameter MetricData.member.Timestamp must specify a time within the past two weeks and no more than two hours ahead, not ${new Date(atMs).toISOString()}.`,
    );
  }
  const resolution = integerWithin(input, "StorageResolution", 1, 60) ?? 60;
  if (resolution !== 1 && resolution !== 60) {
    throw invalidValue(`The value ${resolution} for parameter StorageResolution is invalid: it must be 1 or 60.`);
  }
  return {
    metric: readMetric(input, namespace),
    atMs,
    unit: readUnit(input) ?? "None",
    perSecond: resolution === 1,
    tally: readTally(input),
  };
}

function readTally(input: Members): Tally {
  const value = optionalNumber(input, "Value");
  const statistics = optionalStructure(input, "StatisticValues");
  const values = numbers(input, "Values");
  const given = [value, statistics, values.length > 0 ? values : undefined].filter((each) => each !== undefined);
  if (given.length === 0) throw missing("MetricData.member.Value");
  if (given.length > 1) {
    throw invalidCombination("A datum has one of Value, Values and StatisticValues, not several of them.");
  }
  return statistics ? readStatistics(statistics) : readValues(value === undefined ? values : [value], input);
}

function readValues(values: readonly number[], input: Members): Tally {
  const counts = numbers(input, "Counts");
  if (values.length > MOST_VALUES)
    throw invalidValue(`A datum has at most ${MOST_VALUES} Values, not ${values.length}.`);
  if (counts.length > 0 && counts.length !== values.length) {
    throw invalidValue(`Counts has ${counts.length} elements, and Values ${values.length}: they must be as many.`);
  }
  const result = newTally();
  for (const [index, value] of values.entries()) {
    if (Math.abs(value) > LARGEST) throw invalidValue(`The value ${value} for parameter Value is out of range.`);
    const times = counts[index] ?? 1;
    if (times < 0) throw invalidValue(`The value ${times} for parameter Counts is invalid: it must not be negative.`);
    if (times > 0) tally(result, value, times);
  }
  if (result.count === 0) throw invalidValue("The Counts of a datum must not all be zero.");
  return result;
}

function readStatistics(input: Members): Tally {
  const member = (name: string): number => {
    const value = optionalNumber(input, name);
    if (value === undefined) throw missing(`MetricData.member.StatisticValues.${name}`);
    return value;
  };
  const [count, sum] = [member("SampleCount"), member("Sum")];
  const [minimum, maximum] = [member("Minimum"), member("Maximum")];
  if (count <= 0 || minimum > maximum) {
    throw invalidValue("StatisticValues needs a SampleCount over zero, and a Minimum that is not over its Maximum.");
  }
  const values = minimum === maximum ? new Map([[minimum, count]]) : undefined;
  return { count, sum, minimum, maximum, values };
}
