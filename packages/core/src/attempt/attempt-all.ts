import type { Delivery } from "../consume.ts";
import type { Consumer } from "../consumer.ts";
import type { Work } from "../message/work.ts";
import { atOnce } from "../order/at-once.ts";
import { inSequence } from "../order/in-sequence.ts";
import type { ConsumePorts } from "../ports.ts";
import { attempt } from "./attempt.ts";

/** Hands every ready message to the handler, so many at once as the consumer says; on FIFO in the order of their groups. */
export async function attemptAll<T>(
  consumer: Consumer<T>,
  delivery: Delivery,
  claimed: readonly Work<T>[],
  ports: ConsumePorts,
): Promise<readonly Work<T>[]> {
  // checkPath has refused a delivery in sequence without the port.
  if (ports.groups && inSequence(consumer, delivery)) {
    return ports.groups.attempt(consumer, delivery, claimed, ports);
  }
  return atOnce(claimed, consumer.concurrency, (work) => attempt(consumer, delivery, work, ports));
}
