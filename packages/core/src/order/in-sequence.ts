import type { Delivery } from "../consume.ts";
import type { Consumer } from "../consumer.ts";
import type { Work } from "../message/work.ts";

/** Whether the messages of a delivery are to be handled in their groups' order: on FIFO, unless the consumer does not care. */
export function inSequence<T>({ order }: Consumer<T>, { messages }: Delivery): boolean {
  return order === "group" && messages.some(({ sequenceNumber }) => sequenceNumber !== undefined);
}

/** The messages of each group, in the order they came. */
export function groups<T>(works: readonly Work<T>[]): readonly (readonly Work<T>[])[] {
  return [...Map.groupBy(works, ({ message }) => message.groupId ?? message.messageId).values()];
}
