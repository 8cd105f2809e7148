import { isMembers } from "../assembly/read-document.ts";
import type { Members } from "../kernel/service.ts";
import { ServiceError } from "../kernel/service-error.ts";
import { isCidr, isException, isNumberWithin, isRange } from "./operands.ts";
import { readWildcard } from "./wildcard.ts";

/** The limits of a pattern (EventBridge quotas; user guide, "Comparison operators for use in event patterns"). */
const LONGEST_PATTERN = 4_096;
const LARGEST_NUMBER = 5e9;
const MOST_COMBINATIONS = 1_000;

const EXCEPTIONS: readonly string[] = ["equals-ignore-case", "prefix", "suffix", "wildcard"];

/** Reads an event pattern. @throws InvalidEventPatternException that says where and why */
export function readEventPattern(text: string): Members {
  if (text.length > LONGEST_PATTERN) throw refusal(`it is longer than ${LONGEST_PATTERN} characters`);
  const pattern = parse(text);
  if (!isMembers(pattern)) throw refusal("Filter is not an object");
  if (checkRules(pattern) > MOST_COMBINATIONS) throw refusal(`"$or" makes more than ${MOST_COMBINATIONS} combinations`);
  return pattern;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw refusal(`it is not JSON: ${String(cause)}`);
  }
}

function refusal(reason: string): ServiceError {
  return new ServiceError("InvalidEventPatternException", `Event pattern is not valid. Reason: ${reason}`);
}

/** Checks the rules of one level, and counts the combinations that `$or` makes of them. */
function checkRules(rules: Members): number {
  const entries = Object.entries(rules);
  if (entries.length === 0) throw refusal("Empty objects are not allowed");
  return entries.reduce((combinations, [key, rule]) => combinations * checkRule(key, rule), 1);
}

function checkRule(key: string, rule: unknown): number {
  if (key === "$or") return checkAlternatives(rule);
  if (isMembers(rule)) return checkRules(rule);
  if (!Array.isArray(rule)) throw refusal(`"${key}" must be an object or an array`);
  if (rule.length === 0) throw refusal(`Empty arrays are not allowed: "${key}"`);
  for (const condition of rule) checkCondition(key, condition);
  return 1;
}

function checkAlternatives(rule: unknown): number {
  if (!Array.isArray(rule) || rule.length < 2 || !rule.every(isMembers)) {
    throw refusal('"$or" must be an array of at least two objects');
  }
  return rule.reduce((sum, each) => sum + checkRules(each), 0);
}

function checkCondition(key: string, condition: unknown): void {
  if (Array.isArray(condition)) throw refusal(`Match value must be String, number, true, false, or null: "${key}"`);
  if (!isMembers(condition)) {
    if (typeof condition !== "number" || Number.isFinite(condition)) return;
    throw refusal(`"${key}" names a number that is too large`);
  }
  const [entry, ...more] = Object.entries(condition);
  if (!entry || more.length > 0) throw refusal(`Only one key allowed in match expression: "${key}"`);
  if (!isOperand(...entry)) {
    throw refusal(`Unrecognized match type or value: "${key}": ${JSON.stringify(condition)}`);
  }
}

function isOperand(operator: string, value: unknown): boolean {
  switch (operator) {
    case "prefix":
    case "suffix":
      return isText(value) || (isMembers(value) && isOnly(value, "equals-ignore-case"));
    case "equals-ignore-case":
      return typeof value === "string";
    case "wildcard":
      return typeof value === "string" && readWildcard(value) !== undefined;
    case "exists":
      return typeof value === "boolean";
    case "cidr":
      return isCidr(value);
    case "numeric":
      return isRange(value, LARGEST_NUMBER);
    case "anything-but":
      return isException(value, EXCEPTIONS, LARGEST_NUMBER) && !isMixed(value);
    default:
      return false;
  }
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}

function isOnly(value: Members, key: string): boolean {
  return Object.keys(value).length === 1 && isText(value[key]);
}

/** A list of exceptions has only texts or only numbers. */
function isMixed(value: unknown): boolean {
  return Array.isArray(value) && value.some((each) => isNumberWithin(each, LARGEST_NUMBER)) && value.some(isText);
}
