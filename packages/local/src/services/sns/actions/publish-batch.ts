import { checkBatchBytes, eachEntry, readEntries } from "../../../kernel/batch-entries.ts";
import type { Action } from "../../../kernel/service.ts";
import { batchError } from "../errors.ts";
import { publish } from "../publish.ts";
import { LARGEST_MESSAGE_BYTES, publishedBytes, readPublished } from "../published.ts";
import type { Sns } from "../sns.ts";
import type { Subscription } from "../subscription.ts";
import { requestedTopic } from "../topic.ts";
import { traceOutbound } from "../trace-delivery.ts";

/** PublishBatch: each entry succeeds or fails alone, within the limits of the whole. */
export function publishBatch({ world, deliveries, metrics }: Sns): Action {
  return async (input, { traceHeader }) => {
    const { answer, outbound, woken, sizes, topicName } = await world.store.transaction(() => {
      const topic = requestedTopic(world, input);
      const entries = readEntries(input, "PublishBatchRequestEntries", batchError);
      const bytes = entries.reduce((sum, entry) => sum + publishedBytes(entry), 0);
      checkBatchBytes(bytes, LARGEST_MESSAGE_BYTES, batchError);
      const woken = new Set<number>();
      const sizes: number[] = [];
      const outbound: Subscription[] = [];
      const answer = eachEntry(entries, (entry) => {
        const accepted = publish(world, topic, { ...readPublished(topic, entry), traceHeader });
        outbound.push(...accepted.outbound);
        for (const id of accepted.subscriptionIds) woken.add(id);
        sizes.push(publishedBytes(entry));
        return accepted.answer;
      });
      return { answer, outbound, woken, sizes, topicName: topic.name };
    });
    for (const bytes of sizes) metrics.published(topicName, bytes);
    deliveries.wake([...woken]);
    traceOutbound(world, topicName, outbound, woken.size > 0, traceHeader);
    return { Successful: [], Failed: [], ...answer };
  };
}
