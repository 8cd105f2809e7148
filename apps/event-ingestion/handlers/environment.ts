import { ReliqError } from "@reliq/core";

type Variable =
  | "ANSWER_TABLE"
  | "EVENT_BUS_NAME"
  | "FAILURE_MODE_PARAMETER"
  | "ORDER_TABLE"
  | "QUEUE_NAME"
  | "QUEUE_URL"
  | "TTL_SECONDS";

/** Gives a variable that the functions stack sets. @throws ReliqError `environment` that names it. */
export function need(name: Variable): string {
  const value = process.env[name];
  if (value) return value;
  throw new ReliqError(
    "environment",
    `The environment variable ${name} is not set. The functions stack of event-ingestion sets it.`,
  );
}
