import { type Consumer, consumer, exponential, type LogLine } from "@reliq/core";
import { haveFault } from "./faults.ts";
import { type Order, orderSchema, PERSONAL_FIELDS } from "./order.ts";

/** The consumer of orders: an order is processed once, however often it is healed; what can never succeed fails fast. */
export function ordersConsumer(log: (line: LogLine) => void): Consumer<Order> {
  return consumer({
    name: "orders",
    schema: orderSchema,
    personalFields: PERSONAL_FIELDS,
    failFast: true,
    idempotency: { key: ({ orderId }) => orderId },
    retry: { backoff: exponential({ baseSeconds: 1, capSeconds: 4 }) },
    async handle({ orderId }, context) {
      await haveFault(context);
      log({ level: "info", event: "order-processed", orderId });
    },
  });
}
