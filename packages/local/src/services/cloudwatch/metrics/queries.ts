import type { Members } from "../../../kernel/service.ts";
import type { Store } from "../../../kernel/store.ts";
import { invalidCombination, invalidValue, missing } from "../errors.ts";
import {
  optionalBoolean,
  optionalNumber,
  optionalStructure,
  optionalText,
  requiredText,
  structures,
} from "../input.ts";
import { evaluateExpression } from "../math/evaluate.ts";
import { type Expression, parseExpression, referencesOf } from "../math/parse.ts";
import { readMetric, readPeriod, readUnit } from "./metric.ts";
import { type MetricStat, readSeries, type Series } from "./series.ts";
import { statisticOf } from "./statistic.ts";

/** One of the queries of a request or an alarm: a metric, or an expression over the others. */
export interface MetricQuery {
  readonly id: string;
  readonly label: string;
  readonly returned: boolean;
  readonly periodSeconds: number;
  readonly source: { readonly stat: MetricStat } | { readonly expression: Expression; readonly text: string };
}

/** The most queries of one request (GetMetricData). */
const MOST_QUERIES = 500;

/** Reads the queries of a member. @throws InvalidParameterValue that names the query */
export function readQueries(input: Members, member: string): readonly MetricQuery[] {
  const given = structures(input, member);
  if (given.length === 0) throw missing(member);
  if (given.length > MOST_QUERIES) throw invalidValue(`${member} has at most ${MOST_QUERIES} queries.`);
  const ids = new Set<string>();
  const drafts = given.map((each) => {
    const draft = readQuery(each);
    if (ids.has(draft.id)) throw invalidValue(`The Id ${draft.id} is used twice in ${member}.`);
    ids.add(draft.id);
    return draft;
  });
  for (const { id, source } of drafts) {
    const unknown = "stat" in source ? undefined : referencesOf(source.expression).find((each) => !ids.has(each));
    if (unknown !== undefined) throw invalidValue(`Expression ${id} refers to ${unknown}, which no query defines.`);
  }
  return withPeriods(drafts);
}

type Draft = Omit<MetricQuery, "periodSeconds"> & { readonly periodSeconds: number | undefined };

function readQuery(input: Members): Draft {
  const id = requiredText(input, "Id");
  if (!/^[a-z]\w*$/.test(id))
    throw invalidValue(`The value ${id} for parameter Id is not matching ^[a-z][a-zA-Z0-9_]*$.`);
  const stat = optionalStructure(input, "MetricStat");
  const text = optionalText(input, "Expression");
  if ((stat === undefined) === (text === undefined)) {
    throw invalidCombination(`The query ${id} must have either a MetricStat or an Expression.`);
  }
  const returned = optionalBoolean(input, "ReturnData") ?? true;
  const label = optionalText(input, "Label");
  if (stat) {
    const source = { stat: readStat(stat) };
    return { id, label: label ?? source.stat.metric.name, returned, periodSeconds: source.stat.periodSeconds, source };
  }
  const period = optionalNumber(input, "Period");
  const source = { expression: parseExpression(text ?? ""), text: text ?? "" };
  return { id, label: label ?? id, returned, periodSeconds: period && readPeriod(period), source };
}

function readStat(input: Members): MetricStat {
  const metric = optionalStructure(input, "Metric");
  if (!metric) throw missing("MetricStat.Metric");
  const stat = requiredText(input, "Stat");
  statisticOf(stat);
  return {
    metric: readMetric(metric),
    periodSeconds: readPeriod(optionalNumber(input, "Period")),
    stat,
    unit: readUnit(input),
  };
}

/** An expression without a period has the longest of the metrics beside it. */
function withPeriods(drafts: readonly Draft[]): readonly MetricQuery[] {
  const longest = Math.max(...drafts.map(({ source }) => ("stat" in source ? source.stat.periodSeconds : 0)));
  return drafts.map((draft) => ({ ...draft, periodSeconds: draft.periodSeconds ?? (longest > 0 ? longest : 60) }));
}

/** Evaluates queries from a moment (inclusive) until another (exclusive): the series of each id, several where an expression gives several. */
export function evaluateQueries(
  store: Store,
  queries: readonly MetricQuery[],
  fromMs: number,
  untilMs: number,
): (query: MetricQuery) => readonly Series[] {
  const known = new Map<string, readonly Series[]>();
  const underWay = new Set<string>();
  const evaluate = (query: MetricQuery): readonly Series[] => {
    const found = known.get(query.id);
    if (found) return found;
    if (underWay.has(query.id)) throw invalidValue(`The expression ${query.id} refers to itself.`);
    underWay.add(query.id);
    const span = { fromMs, untilMs, periodSeconds: query.periodSeconds };
    const series =
      "stat" in query.source
        ? [readSeries(store, query.source.stat, span)]
        : evaluateExpression(query.source.expression, span, {
            of: (id) => queries.filter((each) => each.id === id).flatMap(evaluate),
            metrics: (part) =>
              queries.filter((each) => "stat" in each.source && each.id.includes(part)).flatMap(evaluate),
          });
    known.set(query.id, series);
    return series;
  };
  return evaluate;
}
