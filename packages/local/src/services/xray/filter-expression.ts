import { ServiceError } from "../../kernel/service-error.ts";

/** One condition on a trace. */
export type Condition =
  | { readonly kind: "annotation"; readonly name: string; readonly value: string }
  | { readonly kind: "flag"; readonly flag: "error" | "fault" | "throttle"; readonly is: boolean }
  | { readonly kind: "service"; readonly name: string };

const ANNOTATION = /^annotation(?:\.(\w+)|\[(\w+)\])\s*=\s*("(?:[^"\\]|\\.)*"|-?[\d.]+|true|false)/;
const FLAG = /^(error|fault|throttle|ok)(?:\s*=\s*(true|false))?(?![\w.])/;
const SERVICE = /^service\(\s*("(?:[^"\\]|\\.)*")\s*\)/;

/**
 * Reads a filter expression (X-Ray developer guide, "Use filter expressions"): annotations that are equal to a value, `service("…")`, `fault`, `error`,
 * `throttle` and `ok`, joined by AND.
 * @throws InvalidRequestException for anything else
 */
export function readFilter(expression: string): readonly Condition[] {
  const conditions: Condition[] = [];
  let left = expression.trim();
  while (left !== "") {
    const { found, length } = readCondition(left, expression);
    conditions.push(...found);
    left = left.slice(length).trimStart();
    const joined = /^AND\s+/i.exec(left);
    if (left !== "" && !joined) throw refused(expression);
    left = left.slice(joined?.[0].length ?? 0);
    if (joined && left === "") throw refused(expression);
  }
  return conditions;
}

function readCondition(text: string, expression: string): { found: readonly Condition[]; length: number } {
  const annotation = ANNOTATION.exec(text);
  if (annotation) {
    const [whole, dotted, bracketed = "", value = ""] = annotation;
    return { found: [{ kind: "annotation", name: dotted ?? bracketed, value: unquoted(value) }], length: whole.length };
  }
  const service = SERVICE.exec(text);
  if (service) return { found: [{ kind: "service", name: unquoted(service[1] ?? "") }], length: service[0].length };
  const flag = FLAG.exec(text);
  if (!flag) throw refused(expression);
  const [whole, name, value = "true"] = flag;
  const is = value === "true";
  if (name !== "ok") {
    return { found: [{ kind: "flag", flag: name as "error" | "fault" | "throttle", is }], length: whole.length };
  }
  if (!is) throw refused(expression);
  const none = (["error", "fault", "throttle"] as const).map((each) => ({
    kind: "flag" as const,
    flag: each,
    is: false,
  }));
  return { found: none, length: whole.length };
}

function unquoted(value: string): string {
  return value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/gs, "$1") : value;
}

function refused(expression: string): ServiceError {
  return new ServiceError(
    "InvalidRequestException",
    `The local region does not serve this filter expression: ${expression}. It takes annotations with =, service("…"), fault, error, throttle and ok, joined by AND.`,
  );
}
