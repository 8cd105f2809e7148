import { type Consumer, type ConsumerOptions, consumer, exponential, PermanentFailure } from "@reliq/core";
import { type Order, orderSchema } from "./order.ts";
import { nextStep, type OrderState } from "./order-state.ts";

/** The orders as they are stored. */
export interface OrderStore {
  /** As the last commit left it. */
  readonly get: (orderId: string) => Promise<OrderState | undefined>;
  /** The write that stores it, where nobody has changed it since it was `before`. */
  readonly write: (after: OrderState, before: OrderState | undefined) => unknown;
}

/**
 * The consumer of trading orders: each message of a group has its effect once, in the group's sequence, since the effect and the sequence are one
 * transaction; where there is a dead-letter queue, what can never succeed goes there at once.
 */
export function ordersConsumer(
  store: OrderStore,
  { failFast, onPoison }: Required<Pick<ConsumerOptions<Order>, "failFast" | "onPoison">>,
): Consumer<Order> {
  return consumer({
    name: "orders",
    schema: orderSchema,
    effect: "transactional",
    failFast,
    onPoison,
    retry: { backoff: exponential({ baseSeconds: 2, capSeconds: 60 }) },
    async handle(order, { groupId: messageGroupId = "", sequenceNumber = "" }) {
      const before = await store.get(order.orderId);
      const step = nextStep(before, order, { messageGroupId, sequenceNumber });
      if (step.kind === "refused") throw new PermanentFailure(step.because);
      return { writes: step.kind === "changed" ? [store.write(step.after, before)] : [] };
    },
  });
}
