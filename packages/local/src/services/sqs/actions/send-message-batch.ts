import { checkBatchBytes, eachEntry, readEntries } from "../../../kernel/batch-entries.ts";
import type { Action, Members } from "../../../kernel/service.ts";
import { batchError, invalidParameter } from "../errors.ts";
import { optionalText, structure } from "../input.ts";
import { enqueue } from "../message.ts";
import { messageBytes, readOutgoing, sentAnswer } from "../outgoing.ts";
import { count, type Queue, requestedQueue } from "../queue.ts";
import { LARGEST_MESSAGE_BYTES } from "../queue-attributes.ts";
import type { Sqs } from "../sqs.ts";

/** SendMessageBatch: each entry succeeds or fails alone, within the limits of the whole. */
export function sendMessageBatch({ world, polls, metrics }: Sqs): Action {
  return async (input, { traceHeader }) => {
    const { queue, acceptedBytes, answer } = await world.store.transaction(() => {
      const queue = requestedQueue(world.store, input);
      const entries = readEntries(input, "Entries", batchError);
      checkBatchBytes(
        entries.reduce((bytes, entry) => bytes + entryBytes(entry), 0),
        LARGEST_MESSAGE_BYTES,
        batchError,
      );
      if (queue.fifo) requireFifoIds(queue, entries);
      const acceptedBytes: number[] = [];
      const answer = eachEntry(entries, (entry) => {
        const outgoing = readOutgoing(queue, entry, traceHeader);
        const sent = enqueue(world.store, queue, outgoing, world.clock.now());
        if (sent.accepted) acceptedBytes.push(outgoing.bytes);
        return sentAnswer(queue, outgoing, sent);
      });
      count(world.store, queue.id, "accepted", acceptedBytes.length);
      return { queue, acceptedBytes, answer };
    });
    for (const bytes of acceptedBytes) metrics.sent(queue, bytes);
    polls.wake(queue.id);
    return answer;
  };
}

function entryBytes(entry: Members): number {
  return messageBytes(optionalText(entry, "MessageBody") ?? "", structure(entry, "MessageAttributes"));
}

/** In a batch to a FIFO queue, one entry without its ids fails the whole call. */
function requireFifoIds(queue: Queue, entries: readonly Members[]): void {
  for (const entry of entries) {
    if (entry["MessageGroupId"] === undefined) {
      throw invalidParameter("The request must contain the parameter MessageGroupId.");
    }
    if (entry["MessageDeduplicationId"] === undefined && queue.attributes["ContentBasedDeduplication"] !== "true") {
      throw invalidParameter(
        "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
      );
    }
  }
}
