import type { OutgoingMessage } from "@reliq/core";
import type { OrderProducers } from "./accept-order.ts";

/** An order that is to be acknowledged: what is kept of it says how it is sent. */
export interface Incoming {
  readonly orderId: string;
  /** Names what is ordered: another order of the same id has another. */
  readonly ordered: string;
  readonly route: keyof OrderProducers;
  readonly message: OutgoingMessage;
}

/** Why an order cannot be acknowledged. */
export interface Refusal {
  readonly statusCode: 409 | 503;
  readonly why: string;
}

/** Keeps an order where it outlasts this region, before it is sent and acknowledged; gives why it cannot. A repeat is kept once. */
export type KeepOrder = (incoming: Incoming) => Promise<Refusal | undefined>;
