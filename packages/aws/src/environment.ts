import { ReliqError } from "@reliq/core";

/** The variable that names the bucket of large bodies, for consumers and producers. */
export const LARGE_BODIES_BUCKET = "RELIQ_LARGE_BODIES_BUCKET";

/**
 * Makes what gives a function's own variables by their names; `setBy` says who sets them, such as `The stack of orders`. What it makes throws
 * ReliqError `environment` that names a variable which is missing or empty.
 */
export function ownVariables<Name extends string>(
  setBy: string,
  environment: NodeJS.ProcessEnv = process.env,
): (name: Name) => string {
  return (name) => needText(environment, name, "a text", setBy);
}

/** @throws ReliqError `environment` that names a variable which is missing or empty, and what it takes. */
export function needText(environment: NodeJS.ProcessEnv, variable: string, takes: string, constructs: string): string {
  const value = environment[variable];
  if (!value) throw refusedVariable(variable, value, takes, constructs);
  return value;
}

/** The error for a variable that cannot work; `constructs` says which construct sets it. */
export function refusedVariable(
  variable: string,
  value: string | undefined,
  takes: string,
  constructs: string,
): ReliqError {
  const is = value === undefined ? "is not set" : `is ${JSON.stringify(value)}`;
  const message = `The environment variable ${variable} ${is}; it takes ${takes}. ${constructs} sets it.`;
  return new ReliqError("environment", message);
}
