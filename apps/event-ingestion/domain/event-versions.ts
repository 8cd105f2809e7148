import { ReliqError } from "@reliq/core";
import * as v from "valibot";
import { AMOUNT, eventSchema, type IngestedEvent, ORDER_ID } from "./event.ts";

/** Events as their second version has them, with a currency; they are read as the first version with one field more. */
const secondVersion: v.GenericSchema<unknown, IngestedEvent> = v.pipe(
  v.looseObject({
    orderId: ORDER_ID,
    total: v.looseObject({
      amount: AMOUNT,
      currency: v.pipe(v.string(), v.regex(/^[A-Z]{3}$/, "takes three letters")),
    }),
  }),
  v.transform(({ total, ...rest }) => ({ ...rest, amount: total.amount, currency: total.currency })),
);

/**
 * The schema of all versions of events up to one, of `EVENT_SCHEMA_VERSION`. A consumer that knows only the first fails the second as what it
 * is, an event without `amount`.
 * @throws ReliqError `environment` for a version that there is none of
 */
export function eventSchemaUpTo(version = "1"): v.GenericSchema<unknown, IngestedEvent> {
  if (version === "1") return eventSchema;
  if (version === "2") return v.lazy((value) => (isSecond(value) ? secondVersion : eventSchema));
  throw new ReliqError(
    "environment",
    `The environment variable EVENT_SCHEMA_VERSION is ${JSON.stringify(version)}; it takes 1 or 2.`,
  );
}

function isSecond(value: unknown): boolean {
  return (value as { readonly schemaVersion?: unknown } | null)?.schemaVersion === 2;
}
