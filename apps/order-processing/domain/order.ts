import * as v from "valibot";

/** How an order is paid. */
export const PAYMENT_METHODS = ["card", "wallet", "bank_transfer"] as const;

/** How an order is paid. */
export type PaymentMethod = (typeof PAYMENT_METHODS)[number];

const id = v.pipe(v.string(), v.regex(/^[\w.-]{1,64}$/, "it takes 1 to 64 letters, digits, '.', '_' or '-'"));
const cents = v.pipe(
  v.number(),
  v.check((value) => Number.isSafeInteger(Math.round(value * 100)), "it is too large"),
  v.check((value) => Math.abs(value * 100 - Math.round(value * 100)) < 1e-6, "it takes two decimals at most"),
);

/** One product of an order. */
export interface Item {
  readonly productId: string;
  readonly quantity: number;
  /** With two decimals. */
  readonly unitPrice: number;
}

/** An order that keeps the rules. */
export interface Order {
  readonly orderId: string;
  readonly customerId: string;
  readonly email?: string | undefined;
  /** `+15550100`: for text messages. */
  readonly phone?: string | undefined;
  /** What stands for the customer's card at the gateway. */
  readonly cardToken?: string | undefined;
  /** At most 25, each product once. */
  readonly items: readonly Item[];
  /** With two decimals: the sum of the items. */
  readonly totalAmount: number;
  readonly paymentMethod: PaymentMethod;
  readonly priority: "high" | "normal";
  /** Whether what is in stock may be sent without the rest. */
  readonly partial: boolean;
}

const itemSchema = v.strictObject({
  productId: id,
  quantity: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000)),
  unitPrice: v.pipe(cents, v.minValue(0)),
});

const ENTRIES = {
  orderId: id,
  customerId: id,
  email: v.optional(v.string()),
  phone: v.optional(v.string()),
  cardToken: v.optional(v.string()),
  items: v.pipe(v.array(itemSchema), v.minLength(1), v.maxLength(25)),
  totalAmount: v.pipe(cents, v.minValue(0)),
  paymentMethod: v.optional(v.picklist(PAYMENT_METHODS), "card"),
  priority: v.optional(v.picklist(["normal", "high"]), "normal"),
  partial: v.optional(v.boolean(), false),
} as const;

/** An order that the API has taken: what is personal in it is sealed. */
export const acceptedOrderSchema: v.GenericSchema<unknown, Order> = v.strictObject(ENTRIES);

/** An order as a customer sends it. */
export const orderSchema: v.GenericSchema<unknown, Order> = v.pipe(
  v.strictObject({
    ...ENTRIES,
    email: v.optional(v.pipe(v.string(), v.email())),
    phone: v.optional(v.pipe(v.string(), v.regex(/^\+[1-9]\d{6,14}$/, "it takes a number, +15550100"))),
    cardToken: v.optional(v.pipe(v.string(), v.regex(/^[\w-]{1,256}$/, "it takes a token of the gateway"))),
  }),
  v.forward(
    v.check(
      ({ items }) => new Set(items.map(({ productId }) => productId)).size === items.length,
      "each product is named once",
    ),
    ["items"],
  ),
  v.forward(
    v.check((order) => toCents(order.totalAmount) === sumCents(order.items), "it is not the sum of the items"),
    ["totalAmount"],
  ),
);

/** An amount with two decimals, in whole cents. */
export function toCents(amount: number): number {
  return Math.round(amount * 100);
}

/** What items cost together, cents. */
export function sumCents(items: readonly Pick<Item, "quantity" | "unitPrice">[]): number {
  return items.reduce((sum, { quantity, unitPrice }) => sum + quantity * toCents(unitPrice), 0);
}
