import type { Action } from "../../../kernel/service.ts";
import { enqueue, sequenceNumber } from "../message.ts";
import { readOutgoing, sentAnswer } from "../outgoing.ts";
import { requestedQueue } from "../queue.ts";
import type { Sqs } from "../sqs.ts";

/** SendMessage. */
export function sendMessage({ world, polls }: Sqs): Action {
  return async (input) => {
    const { queue, answer } = await world.store.transaction(() => {
      const queue = requestedQueue(world.store, input);
      const outgoing = readOutgoing(queue, input);
      const { messageId, seq } = enqueue(world.store, queue, outgoing, world.clock.now());
      return { queue, answer: sentAnswer(outgoing, messageId, queue.fifo ? sequenceNumber(seq) : undefined) };
    });
    polls.wake(queue.id);
    return answer;
  };
}
