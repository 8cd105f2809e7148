import { CATEGORY_TRAITS, type FailureCategory } from "./category.ts";

/** What a thrown value says of itself, each part read without trust: it can be anything. */
export interface Thrown {
  readonly name: string;
  readonly message: string;
  /** Empty where there is none. */
  readonly stack: string;
}

/** The most causes behind a thrown value that are read; a chain can be a circle. */
export const MOST_CAUSES = 5;

/** Reads one thrown value; never throws. */
export function readThrown(thrown: unknown): Thrown {
  const [name, stack] = [read(thrown, "name"), read(thrown, "stack")];
  const ownName = typeof name === "string" && name !== "";
  return {
    name: ownName ? name : isError(thrown) ? "Error" : thrown === null ? "null" : typeof thrown,
    message: messageOf(thrown),
    stack: typeof stack === "string" ? stack : "",
  };
}

/** The message of an error, or the value itself, as a text. */
export function messageOf(thrown: unknown): string {
  const message = read(thrown, "message");
  if (typeof message === "string") return message;
  return describeValue(isError(thrown) ? message : thrown);
}

/** Whether a value is an error, of this realm or by its stack. */
export function isError(thrown: unknown): boolean {
  return isErrorInstance(thrown) || typeof read(thrown, "stack") === "string";
}

/** Words any value as a text; never throws. */
export function describeValue(value: unknown): string {
  try {
    if (typeof value !== "object" || value === null) return String(value);
    return JSON.stringify(value) ?? String(value);
  } catch {
    return "(a value that cannot be read)";
  }
}

/** Words an error of a port for the log: its name and its message. */
export function describeError(error: unknown): string {
  const { name, message } = readThrown(error);
  return `${name}: ${message}`;
}

/** A property of any value; undefined where it cannot be read. */
export function read(value: unknown, property: PropertyKey): unknown {
  try {
    return (value as Record<PropertyKey, unknown> | null | undefined)?.[property];
  } catch {
    return undefined;
  }
}

function isErrorInstance(value: unknown): boolean {
  try {
    return value instanceof Error;
  } catch {
    return false;
  }
}

/** Whether a value is the name of a category. */
export function isCategory(value: unknown): value is FailureCategory {
  return typeof value === "string" && Object.hasOwn(CATEGORY_TRAITS, value);
}
