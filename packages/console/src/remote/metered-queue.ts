import {
  accountWithStore,
  type CountedFamily,
  type QueueTotals,
  sumCounts,
  whatMetersMiss,
} from "@reliq/core/recovery";
import type { LiveQueue } from "../contract/region.ts";

/** Queues by their metrics and by what recovery has of them, as the pages show them. */
export function meteredQueue(
  { queues, deadLetterQueue, deadLetters, meters, rates, ageSeconds, maxReceiveCount }: CountedFamily,
  totals: readonly QueueTotals[],
): LiveQueue {
  const counts = sumCounts(queues.map((each) => each.counts));
  const own = totals.filter(({ queue }) => queues.some(({ name }) => name === queue));
  const wrong = whatMetersMiss(0, meters?.lately);
  return {
    queue: queues.map(({ name }) => name).join(" + "),
    account: accountWithStore(counts, deadLetterQueue, own),
    metered: rates,
    ...(deadLetters !== undefined && { deadLetterQueue: deadLetters }),
    ...(maxReceiveCount !== undefined && { maxReceiveCount }),
    ...(ageSeconds !== undefined && { ageSeconds }),
    ...(wrong !== undefined && { wrong }),
  };
}
