import type { Delivery } from "../consume.ts";
import type { Consumer } from "../consumer.ts";
import type { Work } from "../message/work.ts";

/** Whether the messages of a delivery are to be handled in their groups' order: on FIFO, unless the consumer does not care. */
export function inSequence<T>({ order }: Consumer<T>, { messages }: Delivery): boolean {
  return order === "group" && messages.some(({ sequenceNumber }) => sequenceNumber !== undefined);
}

/** Works that go one after the other: the messages of each group in the order they came, or each message alone. */
export function sequences<T>(
  consumer: Consumer<T>,
  delivery: Delivery,
  works: readonly Work<T>[],
): readonly (readonly Work<T>[])[] {
  if (!inSequence(consumer, delivery)) return works.map((work) => [work]);
  return [...Map.groupBy(works, ({ message }) => message.groupId ?? message.messageId).values()];
}
