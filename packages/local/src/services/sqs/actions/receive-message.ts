import type { Action, Members } from "../../../kernel/service.ts";
import { invalidValue, NOT_FOR_THIS_TYPE, overLimit } from "../errors.ts";
import { MOST_RECEIVED } from "../fifo-group.ts";
import { integerWithin, optionalText } from "../input.ts";
import type { MessageRow } from "../message.ts";
import { numberAttribute, type Queue, requestedQueue } from "../queue.ts";
import { LONGEST_VISIBILITY_SECONDS, LONGEST_WAIT_SECONDS } from "../queue-attributes.ts";
import { MOST_IN_FLIGHT } from "../quotas.ts";
import { readView, receivedMessage } from "../received.ts";
import type { Sqs } from "../sqs.ts";
import { type Receive, type Taken, take } from "../take.ts";

/** ReceiveMessage, with a long poll where a wait is asked for or the queue has one. */
export function receiveMessage(sqs: Sqs): Action {
  return async (input, { signal, waitFor = (work) => work }) => {
    const { world, polls, metrics } = sqs;
    const queue = requestedQueue(world.store, input);
    const view = readView(input);
    const receive = readReceive(queue, input);
    const waitSeconds =
      integerWithin(input, "WaitTimeSeconds", 0, LONGEST_WAIT_SECONDS) ??
      numberAttribute(queue, "ReceiveMessageWaitTimeSeconds");
    const rows =
      waitSeconds === 0
        ? await takeNow(sqs, queue, receive, signal)
        : await waitFor(polls.wait(queue.id, receive, world.clock.now() + waitSeconds * 1_000, signal));
    metrics.received(queue, rows.length);
    if (rows.length === 0) return {};
    return { Messages: rows.map((row) => receivedMessage(world, row, view)) };
  };
}

function readReceive(queue: Queue, input: Members): Receive {
  // It is taken but does not repeat a lost answer: the messages come back when their visibility ends.
  const attemptId = optionalText(input, "ReceiveRequestAttemptId");
  if (attemptId !== undefined && !queue.fifo) {
    throw invalidValue(attemptId, "ReceiveRequestAttemptId", NOT_FOR_THIS_TYPE);
  }
  return {
    most: integerWithin(input, "MaxNumberOfMessages", 1, MOST_RECEIVED) ?? 1,
    visibilitySeconds: integerWithin(input, "VisibilityTimeout", 0, LONGEST_VISIBILITY_SECONDS),
  };
}

async function takeNow(sqs: Sqs, queue: Queue, receive: Receive, signal: AbortSignal): Promise<readonly MessageRow[]> {
  const { world, polls } = sqs;
  const taken = await world.store.transaction(
    (): Taken => (signal.aborted ? { messages: [] } : take(sqs, queue, receive, world.clock.now())),
  );
  if (taken.overLimit && !queue.fifo) throw overLimit(MOST_IN_FLIGHT);
  if (taken.deadLetterQueueId !== undefined) polls.wake(taken.deadLetterQueueId);
  // What was taken comes back in time, and those who wait have to be told when.
  if (taken.messages.length > 0) polls.wake(queue.id);
  return taken.messages;
}
