import type { Delivery } from "../consume.ts";
import type { Consumer } from "../consumer.ts";
import type { Attempted } from "../message/work.ts";

/** Whether a message that has failed does not come back to its queue: it fails fast, or this was its last receive. */
export function failsForGood<T>(
  consumer: Pick<Consumer<T>, "failFast">,
  delivery: Pick<Delivery, "maxReceiveCount">,
  attempted: Attempted,
): boolean {
  return failsFast(consumer, attempted) || isLastReceive(delivery, attempted);
}

/** Whether it goes to the dead-letter queue at once. */
export function failsFast<T>(
  { failFast }: Pick<Consumer<T>, "failFast">,
  { outcome }: Pick<Attempted, "outcome">,
): boolean {
  return failFast && outcome.kind === "failed" && !outcome.reason.retryable;
}

/** Whether SQS gives it to a dead-letter queue instead of receiving it once more; never where its queue has none. */
export function isLastReceive(
  { maxReceiveCount }: Pick<Delivery, "maxReceiveCount">,
  { message: { receiveCount } }: Pick<Attempted, "message">,
): boolean {
  return maxReceiveCount !== undefined && receiveCount >= maxReceiveCount;
}
