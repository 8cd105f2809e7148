import type { Members } from "../../kernel/service.ts";
import { isCidr, isException, isNumberWithin, isRange } from "../../patterns/operands.ts";
import { invalidParameter } from "./errors.ts";
import { isMap, readJsonMap } from "./input.ts";

/** What a filter policy looks at. */
export type FilterScope = "MessageAttributes" | "MessageBody";

/** The limits of a policy (developer guide, "Filter policy constraints"). */
const MOST_KEYS = 5;
const MOST_COMBINATIONS = 150;
const LARGEST_BYTES = 262_144;
const LARGEST_NUMBER = 1e9;

const EXCEPTIONS: readonly string[] = ["prefix", "suffix", "equals-ignore-case"];

/** Holds a filter policy to SNS's rules. @throws InvalidParameter that says where and why */
export function checkFilterPolicy(text: string, scope: FilterScope): void {
  if (Buffer.byteLength(text) > LARGEST_BYTES) throw refusal("the policy is larger than 256 KB");
  const policy = readJsonMap(text, "FilterPolicy");
  const keys = scope === "MessageAttributes" ? leafKeys(policy) : new Set(Object.keys(policy));
  if (keys.size > MOST_KEYS) throw refusal(`Filter policy can not have more than ${MOST_KEYS} keys`);
  if (checkRules(policy, scope, 1) > MOST_COMBINATIONS) throw refusal("Filter policy is too complex");
}

function refusal(reason: string): Error {
  return invalidParameter(`FilterPolicy: ${reason}`);
}

function leafKeys(policy: Members): Set<string> {
  const keys = Object.entries(policy).map(([key, rule]) =>
    key === "$or" && Array.isArray(rule) ? rule.filter(isMap).flatMap((each) => [...leafKeys(each)]) : [key],
  );
  return new Set(keys.flat());
}

/** Checks the rules of one level, and counts their combinations: the product over its keys of values times depth. */
function checkRules(rules: Members, scope: FilterScope, depth: number): number {
  let combinations = 1;
  for (const [key, rule] of Object.entries(rules)) {
    if (key === "$or") combinations *= checkAlternatives(rule, scope, depth);
    else if (isMap(rule)) combinations *= checkNested(key, rule, scope, depth);
    else combinations *= checkConditions(key, rule) * depth;
  }
  return combinations;
}

function checkAlternatives(rule: unknown, scope: FilterScope, depth: number): number {
  if (!Array.isArray(rule) || rule.length < 2 || !rule.every((each) => isMap(each) && Object.keys(each).length > 0)) {
    throw refusal('"$or" must be an array of at least two objects that are not empty');
  }
  return rule.reduce((sum, each) => sum + checkRules(each, scope, depth), 0);
}

function checkNested(key: string, rule: Members, scope: FilterScope, depth: number): number {
  if (scope === "MessageAttributes")
    throw refusal("Filter policy scope MessageAttributes does not support nested filter policy");
  if (Object.keys(rule).length === 0) throw refusal(`Empty objects are not allowed: ${key}`);
  return checkRules(rule, scope, depth + 1);
}

function checkConditions(key: string, rule: unknown): number {
  if (!Array.isArray(rule)) throw refusal(`"${key}" must be an object or an array`);
  if (rule.length === 0) throw refusal(`Empty arrays are not allowed: ${key}`);
  for (const condition of rule) checkCondition(key, condition);
  return rule.length;
}

function checkCondition(key: string, condition: unknown): void {
  if (isScalar(condition)) return;
  if (!isMap(condition)) throw refusal(`Match value must be String, number, true, false, or null: ${key}`);
  const [entry, ...more] = Object.entries(condition);
  if (!entry || more.length > 0) throw refusal(`Only one key allowed in match expression: ${key}`);
  const [operator, value] = entry;
  if (!isOperand(operator, value))
    throw refusal(`Unrecognized match type or value: ${key}: ${JSON.stringify(condition)}`);
}

function isScalar(value: unknown): boolean {
  return (
    typeof value === "string" || typeof value === "boolean" || value === null || isNumberWithin(value, LARGEST_NUMBER)
  );
}

function isOperand(operator: string, value: unknown): boolean {
  switch (operator) {
    case "prefix":
    case "suffix":
    case "equals-ignore-case":
      return typeof value === "string";
    case "exists":
      return typeof value === "boolean";
    case "cidr":
      return isCidr(value);
    case "numeric":
      return isRange(value, LARGEST_NUMBER);
    case "anything-but":
      return isException(value, EXCEPTIONS, LARGEST_NUMBER);
    default:
      return false;
  }
}
