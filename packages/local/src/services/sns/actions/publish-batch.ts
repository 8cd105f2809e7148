import { checkBatchBytes, eachEntry, readEntries } from "../../../kernel/batch-entries.ts";
import type { Action } from "../../../kernel/service.ts";
import { batchError } from "../errors.ts";
import { publish } from "../publish.ts";
import { LARGEST_MESSAGE_BYTES, publishedBytes, readPublished } from "../published.ts";
import type { Sns } from "../sns.ts";
import { requestedTopic } from "../topic.ts";

/** PublishBatch: each entry succeeds or fails alone, within the limits of the whole. */
export function publishBatch({ world, deliveries }: Sns): Action {
  return async (input) => {
    const { answer, woken } = await world.store.transaction(() => {
      const topic = requestedTopic(world, input);
      const entries = readEntries(input, "PublishBatchRequestEntries", batchError);
      const bytes = entries.reduce((sum, entry) => sum + publishedBytes(entry), 0);
      checkBatchBytes(bytes, LARGEST_MESSAGE_BYTES, batchError);
      const woken = new Set<number>();
      const answer = eachEntry(entries, (entry) => {
        const accepted = publish(world, topic, readPublished(topic, entry));
        for (const id of accepted.subscriptionIds) woken.add(id);
        return accepted.answer;
      });
      return { answer, woken };
    });
    deliveries.wake([...woken]);
    return { Successful: [], Failed: [], ...answer };
  };
}
