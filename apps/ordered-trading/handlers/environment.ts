import { ReliqError } from "@reliq/core";

/** Gives a variable that the stack sets. @throws ReliqError `environment` that names it. */
export function need(name: "MAIN_QUEUE_NAME" | "ORDER_TABLE_NAME"): string {
  const value = process.env[name];
  if (value) return value;
  throw new ReliqError(
    "environment",
    `The environment variable ${name} is not set. The stack of ordered-trading sets it.`,
  );
}
