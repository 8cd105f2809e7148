import type { FailedMessage, Repair } from "@reliq/core/recovery";
import { orderSchema } from "./order.ts";

/** A known fault of an order's body and its cure: gives the body without the fault, or undefined where it is not there. */
export type Cure = (
  order: Readonly<Record<string, unknown>>,
  failure: Pick<FailedMessage, "sentAtMs">,
) => object | undefined;

/** A negative amount becomes positive: clients send what they sell as less than nothing. */
export const negativeAmount: Cure = (order) => {
  const { amount } = order;
  return typeof amount === "number" && amount < 0 ? { ...order, amount: -amount } : undefined;
};

/** A missing timestamp becomes the time at which the queue accepted the order. */
export const missingTimestamp: Cure = (order, { sentAtMs }) => {
  const { timestamp } = order;
  const missing = timestamp === undefined || timestamp === null || timestamp === "";
  return missing ? { ...order, timestamp: new Date(sentAtMs).toISOString() } : undefined;
};

/** A symbol in lower case, or with space around it, becomes what exchanges write. */
export const symbolCase: Cure = (order) => {
  const { symbol } = order;
  const written = typeof symbol === "string" ? symbol.trim().toUpperCase() : symbol;
  return written === symbol ? undefined : { ...order, symbol: written };
};

const CURES: Readonly<Record<string, Cure>> = {
  "negative-amount": negativeAmount,
  "missing-timestamp": missingTimestamp,
  "symbol-case": symbolCase,
};

/** Cures every known fault that an order has; undefined where it has none. */
export const severalFaults: Cure = (order, failure) => {
  let cured: object | undefined;
  for (const cure of Object.values(CURES)) cured = cure({ ...(cured ?? order) }, failure) ?? cured;
  return cured;
};

/** The cures as repairs that the policy names; what a repair makes must be an order. */
export const REPAIRS: readonly Repair[] = Object.entries({ ...CURES, "several-faults": severalFaults }).map(
  ([name, cure]) => ({
    name,
    schema: orderSchema,
    repair: (body, failure) => (isRecord(body) ? cure(body, failure) : undefined),
  }),
);

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
