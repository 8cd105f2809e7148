import type { ChangingType, Order } from "./order.ts";

/** Where an order stands. FILLED and CANCELLED are ends. */
export type OrderStatus = "CANCELLED" | "FILLED" | "OPEN" | "PARTIALLY_FILLED";

/** An order with all that its messages made of it. */
export interface OrderState {
  readonly orderId: string;
  /** Whose sequence its messages are in: all of one order's are of one group. */
  readonly messageGroupId: string;
  readonly symbol: string;
  readonly orderType: string;
  readonly status: OrderStatus;
  /** How much is ordered now, and how much was when it was placed. */
  readonly amount: number;
  readonly placedAmount: number;
  readonly filledAmount: number;
  /** The timestamps of the message that placed it, and of the last that changed it. */
  readonly placedAt: string;
  readonly changedAt: string;
  /** The place in its group of the last message that changed it. */
  readonly sequenceNumber: string;
  /** Grows by one with each change. */
  readonly version: number;
}

/** Which message it is, beside what it asks for. */
export interface Place {
  readonly messageGroupId: string;
  readonly sequenceNumber: string;
}

/** What a message does to an order. */
export type Step =
  | { readonly kind: "changed"; readonly after: OrderState }
  /** What it asks for is so already: the message came before, or a client sent it twice. */
  | { readonly kind: "repeated" }
  | { readonly kind: "refused"; readonly because: string };

/** Says what a message does to an order, which is undefined where nothing placed it yet. */
export function nextStep(before: OrderState | undefined, order: Order, place: Place): Step {
  if (before && before.messageGroupId !== place.messageGroupId) {
    return refused(`the order ${order.orderId} is in the group ${before.messageGroupId}, not ${place.messageGroupId}`);
  }
  if (before && before.sequenceNumber >= place.sequenceNumber) return { kind: "repeated" };
  if (before && before.symbol !== order.symbol) {
    return refused(`the order ${order.orderId} is for ${before.symbol}, not ${order.symbol}`);
  }
  if (!isChanging(order)) return before ? placedAgain(before, order) : placed(order, place);
  if (!before) return refused(`there is no order ${order.orderId} to ${order.orderType}`);
  const change = CHANGES[order.orderType](before, order.amount);
  if (change === undefined) return { kind: "repeated" };
  if (typeof change === "string") return refused(`the order ${order.orderId} is ${before.status}: ${change}`);
  const { sequenceNumber } = place;
  const { timestamp: changedAt } = order;
  return { kind: "changed", after: { ...before, ...change, changedAt, sequenceNumber, version: before.version + 1 } };
}

type Change = Partial<Pick<OrderState, "amount" | "filledAmount" | "status">>;

/** What each type changes: undefined where that is so already, a text where it cannot be. */
const CHANGES: Readonly<Record<ChangingType, (before: OrderState, amount: number) => Change | string | undefined>> = {
  AMEND: ({ status, amount: was, filledAmount }, amount) => {
    if (isOver(status)) return "it cannot be amended";
    if (amount === was) return undefined;
    if (amount < filledAmount) return `${filledAmount} of it is filled, so it cannot be amended to ${amount}`;
    return { amount, status: statusOf(amount, filledAmount) };
  },
  FILL: ({ status, amount: ordered, filledAmount }, amount) => {
    if (amount <= filledAmount) return undefined;
    if (isOver(status)) return "it cannot be filled";
    if (amount > ordered) return `${ordered} is ordered, so it cannot be filled with ${amount}`;
    return { filledAmount: amount, status: statusOf(ordered, amount) };
  },
  CANCEL: ({ status }) => {
    if (status === "CANCELLED") return undefined;
    return status === "FILLED" ? "it cannot be cancelled" : { status: "CANCELLED" };
  },
};

function isChanging(order: Order): order is Order & { readonly orderType: ChangingType } {
  return Object.hasOwn(CHANGES, order.orderType);
}

function placed({ orderId, orderType, amount, symbol, timestamp }: Order, place: Place): Step {
  const after: OrderState = {
    orderId,
    ...place,
    symbol,
    orderType,
    status: "OPEN",
    amount,
    placedAmount: amount,
    filledAmount: 0,
    placedAt: timestamp,
    changedAt: timestamp,
    version: 1,
  };
  return { kind: "changed", after };
}

function placedAgain({ orderType, placedAmount, placedAt }: OrderState, order: Order): Step {
  const same = orderType === order.orderType && placedAmount === order.amount && placedAt === order.timestamp;
  return same ? { kind: "repeated" } : refused(`another order ${order.orderId} was placed before`);
}

function isOver(status: OrderStatus): boolean {
  return status === "FILLED" || status === "CANCELLED";
}

function statusOf(amount: number, filledAmount: number): OrderStatus {
  if (filledAmount === 0) return "OPEN";
  return filledAmount < amount ? "PARTIALLY_FILLED" : "FILLED";
}

function refused(because: string): Step {
  return { kind: "refused", because };
}
