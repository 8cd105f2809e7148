import { BlockList, isIP } from "node:net";
import { isMembers } from "../assembly/read-document.ts";
import type { Members } from "../kernel/service.ts";
import { fitsWildcard } from "./wildcard.ts";

/**
 * Whether fields fit valid rules: every key has at least one condition that holds for at least one of the values there. What several
 * nested rules name is looked for in one object of an array, not over all of them (EventBridge user guide, "Event patterns"; SNS developer
 * guide, "Subscription filter policies").
 */
export function fitsRules(rules: Members, fields: Members): boolean {
  return Object.entries(rules).every(([key, rule]) => {
    if (key === "$or") return (rule as Members[]).some((each) => fitsRules(each, fields));
    const found = Object.hasOwn(fields, key) ? fields[key] : undefined;
    if (isMembers(rule)) return objectsOf(found).some((each) => fitsRules(rule, each));
    return (rule as unknown[]).some((condition) => holds(condition, valuesOf(found)));
  });
}

/** What nested rules look at; what is not there is an object without fields, which `exists: false` fits. */
function objectsOf(found: unknown): Members[] {
  const objects = [found].flat(Number.POSITIVE_INFINITY).filter(isMembers);
  return objects.length > 0 ? objects : [{}];
}

function valuesOf(found: unknown): unknown[] {
  return [found].flat(Number.POSITIVE_INFINITY).filter((value) => value !== undefined && !isMembers(value));
}

function holds(condition: unknown, values: readonly unknown[]): boolean {
  if (!isMembers(condition)) return values.includes(condition);
  const [operator = "", operand] = Object.entries(condition)[0] ?? [];
  if (operator === "exists") return values.length > 0 === operand;
  return values.some((value) => operatorHolds(operator, operand, value));
}

function operatorHolds(operator: string, operand: unknown, value: unknown): boolean {
  if (operator === "anything-but") return !isExcepted(operand, value);
  if (operator === "numeric") return typeof value === "number" && inRange(operand as unknown[], value);
  if (typeof value !== "string") return false;
  if (!isMembers(operand)) return textFits(operator, String(operand), value);
  return textFits(operator, String(operand["equals-ignore-case"]).toLowerCase(), value.toLowerCase());
}

function textFits(operator: string, operand: string, value: string): boolean {
  switch (operator) {
    case "prefix":
      return value.startsWith(operand);
    case "suffix":
      return value.endsWith(operand);
    case "equals-ignore-case":
      return value.toLowerCase() === operand.toLowerCase();
    case "wildcard":
      return fitsWildcard(operand, value);
    case "cidr":
      return inSubnet(operand, value);
    default:
      return false;
  }
}

function isExcepted(operand: unknown, value: unknown): boolean {
  if (!isMembers(operand)) return [operand].flat().includes(value);
  const [operator = "", excepted] = Object.entries(operand)[0] ?? [];
  return [excepted].flat().some((each) => operatorHolds(operator, each, value));
}

function inRange(range: readonly unknown[], value: number): boolean {
  const [comparison, bound, ...upper] = range;
  return compare(String(comparison), value, Number(bound)) && (upper.length === 0 || inRange(upper, value));
}

function compare(comparison: string, value: number, bound: number): boolean {
  switch (comparison) {
    case "=":
      return value === bound;
    case "<":
      return value < bound;
    case "<=":
      return value <= bound;
    case ">":
      return value > bound;
    default:
      return value >= bound;
  }
}

function inSubnet(cidr: string, value: string): boolean {
  const [address = "", bits] = cidr.split("/");
  if (isIP(value) === 0 || isIP(value) !== isIP(address)) return false;
  const family = isIP(address) === 4 ? "ipv4" : "ipv6";
  const subnet = new BlockList();
  subnet.addSubnet(address, Number(bits), family);
  return subnet.check(value, family);
}
