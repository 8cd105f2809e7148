import { FAILURE } from "../errors.ts";
import { CATEGORY_TRAITS, type FailureCategory } from "./category.ts";

/** What a thrown value says of itself, each part read without trust: it can be anything. */
export interface Thrown {
  readonly isError: boolean;
  readonly name: string;
  readonly message: string;
  /** Empty where there is none. */
  readonly stack: string;
  /** The code, the name and the HTTP status, as far as there are any. */
  readonly codes: readonly string[];
  /** The author's word, where the value is a Failure, of whichever copy of this package. */
  readonly category?: FailureCategory;
  readonly retryable?: boolean;
}

/** The most links of a chain of causes that are read; a chain can be a circle. */
const MOST_CAUSES = 5;

/** Reads a thrown value and, after it, its causes; never throws. */
export function readThrown(thrown: unknown): readonly [Thrown, ...Thrown[]] {
  const causes: Thrown[] = [];
  let cause = read(thrown, "cause");
  while (cause !== undefined && cause !== null && causes.length < MOST_CAUSES) {
    causes.push(readOne(cause));
    cause = read(cause, "cause");
  }
  return [readOne(thrown), ...causes];
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
  const [{ name, message }] = readThrown(error);
  return `${name}: ${message}`;
}

function readOne(thrown: unknown): Thrown {
  const [name, message, stack] = [read(thrown, "name"), read(thrown, "message"), read(thrown, "stack")];
  const isError = typeof stack === "string" || isErrorInstance(thrown);
  const category = read(thrown, FAILURE) === true ? read(thrown, "category") : undefined;
  const retryable = read(thrown, "retryable");
  return {
    isError,
    name: typeof name === "string" && name !== "" ? name : isError ? "Error" : thrown === null ? "null" : typeof thrown,
    message: describeValue(isError || typeof message === "string" ? message : thrown),
    stack: typeof stack === "string" ? stack : "",
    codes: readCodes(thrown, name),
    ...(isCategory(category) && { category, ...(typeof retryable === "boolean" && { retryable }) }),
  };
}

/** Where Node, the AWS SDK (`$metadata`) and HTTP clients (`response`) put a code. */
function readCodes(thrown: unknown, name: unknown): string[] {
  return [
    read(thrown, "code"),
    name,
    read(thrown, "status"),
    read(thrown, "statusCode"),
    read(read(thrown, "$metadata"), "httpStatusCode"),
    read(read(thrown, "response"), "status"),
  ]
    .filter((code) => typeof code === "string" || typeof code === "number")
    .map(String);
}

function read(value: unknown, property: PropertyKey): unknown {
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

function isCategory(value: unknown): value is FailureCategory {
  return typeof value === "string" && Object.hasOwn(CATEGORY_TRAITS, value);
}
