import * as v from "valibot";

/** The types that place an order; a client says by them which side it is on, or what kind of order it wants. */
const PLACING = ["BUY", "SELL", "LIMIT", "MARKET", "STOP"] as const;

/** The types that change an order that is there. */
const CHANGING = ["AMEND", "FILL", "CANCEL"] as const;

/** What a message asks for of an order that is there. */
export type ChangingType = (typeof CHANGING)[number];

/** A trading order, as the body of a message carries it. */
export interface Order {
  readonly orderId: string;
  readonly orderType: ChangingType | (typeof PLACING)[number];
  /** How much is ordered; of AMEND how much it shall be; of FILL how much of it is filled in all. */
  readonly amount: number;
  readonly symbol: string;
  /** ISO 8601, UTC. */
  readonly timestamp: string;
}

/** Epoch numbers from here on are milliseconds, below they are seconds: the year 5138 in seconds, 1973 in milliseconds. */
const FIRST_MILLISECONDS = 100_000_000_000;

const instant = v.pipe(
  v.union([v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\d/)), v.number()]),
  v.transform(readInstant),
  v.check((ms) => ms !== undefined, "Expected a time: ISO 8601, or seconds or milliseconds since the Unix epoch"),
  v.transform((ms) => new Date(ms ?? 0).toISOString()),
);

/** Parses the body of a message. Types may come in lower case; symbols may not, which is a known fault that is repaired. */
export const orderSchema: v.GenericSchema<unknown, Order> = v.object({
  orderId: v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(100)),
  orderType: v.pipe(v.string(), v.toUpperCase(), v.picklist([...PLACING, ...CHANGING])),
  amount: v.pipe(v.number(), v.finite(), v.gtValue(0)),
  symbol: v.pipe(v.string(), v.regex(/^[A-Z][A-Z0-9.-]{0,11}$/, "Expected 1 to 12 capital letters and digits")),
  timestamp: instant,
});

/** Times without a zone are UTC. Milliseconds since the Unix epoch, or undefined for what is no time. */
export function readInstant(value: number | string): number | undefined {
  const ms =
    typeof value === "number"
      ? value * (Math.abs(value) < FIRST_MILLISECONDS ? 1_000 : 1)
      : Date.parse(/T.*(?:Z|[+-]\d\d:?\d\d)$|^\d{4}-\d\d-\d\d$/.test(value) ? value : `${value}Z`);
  return Number.isFinite(ms) && Math.abs(ms) <= 8_640_000_000_000_000 ? ms : undefined;
}
