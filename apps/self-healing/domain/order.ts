import { type PersonalFields, redacted } from "@reliq/core";
import * as v from "valibot";

/** An order, as the body of a message carries it. */
export interface Order {
  readonly orderId: string;
  readonly customerId: string;
  readonly amount: number;
}

/** Parses the body of a message. */
export const orderSchema: v.GenericSchema<Order> = v.object({
  orderId: v.pipe(v.string(), v.nonEmpty()),
  customerId: v.pipe(v.string(), v.nonEmpty()),
  amount: v.pipe(v.number(), v.minValue(0.01)),
});

/** What an order may say of a customer, which nobody reads in a log, and only approvers in the console. */
export const PERSONAL_FIELDS: PersonalFields = redacted(["email"]);
