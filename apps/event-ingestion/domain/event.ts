import * as v from "valibot";

/** An event, as a client posts it and as the body of a message carries it; further fields are carried along. */
export interface IngestedEvent {
  /** Names the event: two with one id are one event. 1 to 200 characters, none of them a control character. */
  readonly orderId: string;
  /** Over 0. */
  readonly amount: number;
  readonly [field: string]: unknown;
}

const ID = "takes a text of 1 to 200 characters without control characters";
const AMOUNT = "takes a number over 0, as JSON writes one";

/** Parses an event. What a key is made of must survive UTF-8, so lone surrogates are refused in it. */
export const eventSchema: v.GenericSchema<unknown, IngestedEvent> = v.looseObject(
  {
    orderId: v.pipe(v.string(ID), v.regex(/^[^\p{Cc}\p{Cs}]{1,200}$/u, ID)),
    amount: v.pipe(v.number(AMOUNT), v.finite("is larger than a number can be"), v.gtValue(0, AMOUNT)),
  },
  'takes an object, such as {"orderId":"o-1","amount":12.5}',
);
