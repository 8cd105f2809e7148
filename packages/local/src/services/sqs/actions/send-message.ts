import type { Action } from "../../../kernel/service.ts";
import { enqueue } from "../message.ts";
import { readOutgoing, sentAnswer } from "../outgoing.ts";
import { count, requestedQueue } from "../queue.ts";
import type { Sqs } from "../sqs.ts";

/** SendMessage. */
export function sendMessage({ world, polls, metrics }: Sqs): Action {
  return async (input, { traceHeader }) => {
    const { queue, acceptedBytes, answer } = await world.store.transaction(() => {
      const queue = requestedQueue(world.store, input);
      const outgoing = readOutgoing(queue, input, traceHeader);
      const sent = enqueue(world.store, queue, outgoing, world.clock.now());
      if (sent.accepted) count(world.store, queue.id, "accepted", 1);
      const acceptedBytes = sent.accepted ? outgoing.bytes : undefined;
      return { queue, acceptedBytes, answer: sentAnswer(queue, outgoing, sent) };
    });
    if (acceptedBytes !== undefined) metrics.sent(queue, acceptedBytes);
    polls.wake(queue.id);
    return answer;
  };
}
