import { invalidValue } from "../errors.ts";
import type { Span } from "../metrics/metric-store.ts";
import type { Series } from "../metrics/series.ts";
import { FUNCTIONS } from "./functions.ts";
import type { Expression } from "./parse.ts";
import { combine, mapValue, numberValue, seriesOf, seriesValue, type Value } from "./value.ts";

/** What an expression can refer to. */
export interface MathScope {
  /** The series of the query of an id. */
  of(id: string): readonly Series[];
  /** The series of all metrics whose ids contain a text. */
  metrics(part: string): readonly Series[];
}

const truth = (value: boolean): number => (value ? 1 : 0);

const OPERATORS: Readonly<Record<string, (left: number, right: number) => number>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "^": (a, b) => a ** b,
  "==": (a, b) => truth(a === b),
  "!=": (a, b) => truth(a !== b),
  "<": (a, b) => truth(a < b),
  "<=": (a, b) => truth(a <= b),
  ">": (a, b) => truth(a > b),
  ">=": (a, b) => truth(a >= b),
  "&&": (a, b) => truth(a !== 0 && b !== 0),
  AND: (a, b) => truth(a !== 0 && b !== 0),
  "||": (a, b) => truth(a !== 0 || b !== 0),
  OR: (a, b) => truth(a !== 0 || b !== 0),
};

/** The series that an expression gives in a span; a number is the same at every period. @throws InvalidParameterValue */
export function evaluateExpression(expression: Expression, span: Span, scope: MathScope): readonly Series[] {
  const value = evaluate(expression, span, scope);
  if (value.kind !== "number") return seriesOf(value, "The result");
  const series = new Map<number, number>();
  for (let at = span.fromMs; at < span.untilMs; at += span.periodSeconds * 1_000) series.set(at, value.value);
  return Number.isFinite(value.value) ? [series] : [new Map()];
}

function evaluate(expression: Expression, span: Span, scope: MathScope): Value {
  const inner = (each: Expression): Value => evaluate(each, span, scope);
  switch (expression.kind) {
    case "number":
      return numberValue(expression.value);
    case "text":
      return { kind: "text", text: expression.text };
    case "reference": {
      const all = scope.of(expression.id);
      return all.length === 1 && all[0] ? seriesValue(all[0]) : { kind: "array", all };
    }
    case "array":
      return { kind: "array", all: expression.items.map(inner).flatMap((each) => seriesOf(each, "An array")) };
    case "negation":
      return mapValue(inner(expression.of), "The sign -", (value) => -value);
    case "binary": {
      const join = OPERATORS[expression.operator];
      if (!join) throw invalidValue(`The operator ${expression.operator} is invalid.`);
      return combine(inner(expression.left), inner(expression.right), join);
    }
    case "call": {
      const inputs = expression.inputs.map(inner);
      const [first] = inputs;
      if (expression.name !== "METRICS")
        return FUNCTIONS.get(expression.name)?.(inputs, span) ?? numberValue(Number.NaN);
      return { kind: "array", all: scope.metrics(first?.kind === "text" ? first.text : "") };
    }
  }
}
