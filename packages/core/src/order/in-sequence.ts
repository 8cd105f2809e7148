import type { Delivery } from "../consume.ts";
import type { Consumer } from "../consumer.ts";

/** Whether the messages of a delivery are to be handled in their groups' order: on FIFO, unless the consumer does not care. */
export function inSequence<T>({ order }: Consumer<T>, { messages }: Delivery): boolean {
  return order === "group" && messages.some(({ sequenceNumber }) => sequenceNumber !== undefined);
}
