import * as v from "valibot";

/** An event, as a client posts it and as the body of a message carries it; further fields are carried along. */
export interface IngestedEvent {
  /** Names the event: two with one id are one event. 1 to 200 characters, none of them a control character. */
  readonly orderId: string;
  /** 1e-130 to 9e125. */
  readonly amount: number;
  readonly [field: string]: unknown;
}

const ID = "takes a text of 1 to 200 characters, in UTF-8 and without control characters";
const OVER_ZERO = "takes a number over 0, as JSON writes one";

/** What DynamoDB keeps of a number (its developer guide, Data types). */
const LEAST_AMOUNT = 1e-130;
const MOST_AMOUNT = 9e125;

/** What a key is made of must survive UTF-8, so lone surrogates are refused in it, and what bytes that are no UTF-8 become (U+FFFD): two ids would be one. */
export const ORDER_ID: v.GenericSchema<unknown, string> = v.pipe(
  v.string(ID),
  v.regex(/^[^\p{Cc}\p{Cs}\uFFFD]{1,200}$/u, ID),
);

/** A sum of money, over 0. */
export const AMOUNT: v.GenericSchema<unknown, number> = v.pipe(
  v.number(OVER_ZERO),
  v.gtValue(0, OVER_ZERO),
  v.minValue(LEAST_AMOUNT, "takes 1e-130 at least"),
  v.maxValue(MOST_AMOUNT, "takes 9e125 at most"),
);

/** Parses an event. */
export const eventSchema: v.GenericSchema<unknown, IngestedEvent> = v.looseObject(
  { orderId: ORDER_ID, amount: AMOUNT },
  'takes an object, such as {"orderId":"o-1","amount":12.5}',
);
