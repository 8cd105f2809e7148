import { isIP } from "node:net";
import { isMembers } from "../assembly/read-document.ts";
import { readWildcard } from "./wildcard.ts";

const COMPARISONS: readonly unknown[] = ["=", "<", "<=", ">", ">="];

/** Whether a value is a number that a pattern may name. */
export function isNumberWithin(value: unknown, largest: number): value is number {
  return typeof value === "number" && Math.abs(value) <= largest;
}

/** Whether a text is an address range such as `10.0.0.0/24`. */
export function isCidr(value: unknown): boolean {
  if (typeof value !== "string") return false;
  const [address = "", bits = "", ...more] = value.split("/");
  const version = isIP(address);
  return version !== 0 && more.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128);
}

/** Whether a value is the operand of `numeric`: one comparison, or a lower and an upper bound. */
export function isRange(value: unknown, largest: number): boolean {
  if (!Array.isArray(value)) return false;
  const [first, bound, second, upper] = value;
  if (!COMPARISONS.includes(first) || !isNumberWithin(bound, largest)) return false;
  if (value.length === 2) return true;
  const between = /^>=?$/.test(first) && /^<=?$/.test(String(second));
  return value.length === 4 && between && isNumberWithin(upper, largest) && upper > bound;
}

/** Whether a value is the operand of `anything-but`: texts, numbers, or one of the operators on one text or several. */
export function isException(value: unknown, operators: readonly string[], largest: number): boolean {
  const scalar = (each: unknown): boolean => typeof each === "string" || isNumberWithin(each, largest);
  if (Array.isArray(value)) return value.length > 0 && value.every(scalar);
  if (!isMembers(value)) return scalar(value);
  const [entry, ...more] = Object.entries(value);
  if (!entry || more.length > 0 || !operators.includes(entry[0])) return false;
  const texts: readonly unknown[] = [entry[1]].flat();
  return texts.length > 0 && texts.every((each) => isText(entry[0], each));
}

function isText(operator: string, value: unknown): boolean {
  return typeof value === "string" && (operator !== "wildcard" || readWildcard(value) !== undefined);
}
