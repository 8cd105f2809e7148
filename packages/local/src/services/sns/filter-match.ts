import { BlockList, isIP } from "node:net";
import type { Members } from "../../kernel/service.ts";
import type { FilterScope } from "./filter-policy.ts";
import { isMap } from "./input.ts";
import type { MessageAttributes } from "./message-attributes.ts";

/**
 * Whether a message fits a valid filter policy: every key has at least one condition that holds for at least one of the message's
 * values there (developer guide, "Subscription filter policies").
 */
export function fitsPolicy(
  policy: Members,
  scope: FilterScope,
  { message, attributes }: { readonly message: string; readonly attributes?: MessageAttributes | undefined },
): boolean {
  const fields = scope === "MessageBody" ? bodyFields(message) : attributeFields(attributes ?? {});
  return fields !== undefined && fitsRules(policy, fields);
}

/** A body that is not a JSON object fits no policy. */
function bodyFields(message: string): Members | undefined {
  try {
    const value: unknown = JSON.parse(message);
    return isMap(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Binary attributes are ignored; the elements of a String.Array count each. */
function attributeFields(attributes: MessageAttributes): Members {
  const fields: [string, unknown][] = Object.entries(attributes).flatMap(([name, { DataType, StringValue = "" }]) => {
    if (DataType.startsWith("Binary")) return [];
    if (DataType.startsWith("Number")) return [[name, Number(StringValue)]];
    return [[name, DataType === "String.Array" ? parseArray(StringValue) : StringValue]];
  });
  return Object.fromEntries(fields);
}

function parseArray(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

function fitsRules(rules: Members, fields: Members): boolean {
  return Object.entries(rules).every(([key, rule]) => {
    if (key === "$or") return (rule as Members[]).some((each) => fitsRules(each, fields));
    const found = Object.hasOwn(fields, key) ? fields[key] : undefined;
    if (isMap(rule)) return objectsOf(found).some((each) => fitsRules(rule, each));
    return (rule as unknown[]).some((condition) => holds(condition, valuesOf(found)));
  });
}

/** What nested rules look at; what is not there is an object without fields, which `exists: false` fits. */
function objectsOf(found: unknown): Members[] {
  const objects = [found].flat(Number.POSITIVE_INFINITY).filter(isMap);
  return objects.length > 0 ? objects : [{}];
}

function valuesOf(found: unknown): unknown[] {
  return [found].flat(Number.POSITIVE_INFINITY).filter((value) => value !== undefined && !isMap(value));
}

function holds(condition: unknown, values: readonly unknown[]): boolean {
  if (!isMap(condition)) return values.includes(condition);
  const [operator = "", operand] = Object.entries(condition)[0] ?? [];
  if (operator === "exists") return values.length > 0 === operand;
  return values.some((value) => operatorHolds(operator, operand, value));
}

function operatorHolds(operator: string, operand: unknown, value: unknown): boolean {
  if (operator === "anything-but") return !isExcepted(operand, value);
  if (operator === "numeric") return typeof value === "number" && inRange(operand as unknown[], value);
  return typeof value === "string" && textFits(operator, String(operand), value);
}

function textFits(operator: string, operand: string, value: string): boolean {
  switch (operator) {
    case "prefix":
      return value.startsWith(operand);
    case "suffix":
      return value.endsWith(operand);
    case "equals-ignore-case":
      return value.toLowerCase() === operand.toLowerCase();
    case "cidr":
      return inSubnet(operand, value);
    default:
      return false;
  }
}

function isExcepted(operand: unknown, value: unknown): boolean {
  if (!isMap(operand)) return [operand].flat().includes(value);
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
