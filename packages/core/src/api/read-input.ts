import { ReliqError } from "../errors.ts";
import { readField, showValue } from "./fields.ts";
import { OPERATIONS, type Operation, type OperationName } from "./operations.ts";
import type { ApiRequests } from "./requests.ts";

/**
 * Reads an operation's input: the query of a GET, the JSON body of a POST, and its path's variables.
 * @throws ReliqError `input` that names the field, its value and what it takes; `field` of its cause is the field's name.
 */
export function readInput<Name extends OperationName>(
  name: Name,
  given: unknown,
  params: Readonly<Record<string, string>> = {},
): ApiRequests[Name] {
  const { fields }: Operation = OPERATIONS[name];
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw refused("body", `The input of ${name} is ${showValue(given)}; it takes an object of ${known(fields)}.`);
  }
  const unknown = Object.keys(given).find((field) => !Object.hasOwn(fields, field));
  if (unknown !== undefined) {
    throw refused(
      unknown,
      `${name} has no field ${JSON.stringify(unknown.slice(0, 100))}; its fields are ${known(fields)}.`,
    );
  }
  const read: Record<string, unknown> = { ...params };
  for (const [field, check] of Object.entries(fields)) {
    const value = Object.hasOwn(given, field) ? (given as Record<string, unknown>)[field] : undefined;
    if (value === undefined) {
      if (check.required) throw refused(field, `${name}: \`${field}\` is missing; it takes ${check.takes}.`);
      continue;
    }
    const fit = readField(check, value);
    if (fit === undefined) {
      throw refused(field, `${name}: \`${field}\` is ${showValue(value)}; it takes ${check.takes}.`);
    }
    read[field] = fit;
  }
  return read as unknown as ApiRequests[Name];
}

function refused(field: string, message: string): ReliqError {
  return new ReliqError("input", message, { cause: { field } });
}

function known(fields: Operation["fields"]): string {
  return Object.keys(fields).join(", ") || "nothing";
}
