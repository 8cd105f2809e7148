import type { Delivery } from "../consume.ts";
import type { Consumer } from "../consumer.ts";
import type { Attempted } from "../message/work.ts";

/** Whether a message that has failed does not come back to its queue: it fails fast, or this was its last receive. */
export function failsForGood<T>(
  consumer: Pick<Consumer<T>, "failFast">,
  { maxReceiveCount }: Pick<Delivery, "maxReceiveCount">,
  attempted: Attempted,
): boolean {
  return failsFast(consumer, attempted) || isLastReceive(attempted, maxReceiveCount);
}

/** Whether it goes to the dead-letter queue at once. */
export function failsFast<T>({ failFast }: Pick<Consumer<T>, "failFast">, { outcome }: Attempted): boolean {
  return failFast && outcome.kind === "failed" && !outcome.reason.retryable;
}

function isLastReceive({ message: { receiveCount } }: Attempted, maxReceiveCount: number | undefined): boolean {
  return maxReceiveCount !== undefined && receiveCount >= maxReceiveCount;
}
