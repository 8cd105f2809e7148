import type { Clock } from "../../../kernel/clock.ts";
import type { Mapping } from "./mapping.ts";
import { sleep } from "./sleep.ts";
import type { SourceGround } from "./source-kind.ts";
import type { ReceivedMessage } from "./sqs-event.ts";
import { MOST_IN_REQUEST, type SourceQueue } from "./sqs-queue.ts";

/** The longest long poll, seconds (SQS quotas). */
const LONGEST_WAIT_SECONDS = 20;

/** How long a batch in its window lets messages come together before it asks for more, ms: those that come one by one would be received one by one. */
const TOGETHER_MS = 50;

/** A batch is full at this many bytes of bodies, whatever its batch size (Lambda quotas, invocation payload). */
const FULL_BYTES = 6 * 1_048_576;

/**
 * Waits for messages, then gathers more until the batch is full or its window, which starts with the first message, is over.
 * What has been received is returned, also when the signal is aborted or a later receive fails.
 * @throws ServiceError where nothing could be received
 */
export async function gather(
  queue: SourceQueue,
  mapping: Mapping,
  ground: SourceGround,
  signal: AbortSignal,
): Promise<readonly ReceivedMessage[]> {
  const { batchSize, windowSeconds, sourceArn, functionName } = mapping;
  const first = await queue.receive(Math.min(batchSize, MOST_IN_REQUEST), LONGEST_WAIT_SECONDS, signal);
  if (first.length === 0 || windowSeconds === 0) return first;
  // A jump could pass their visibility: they would come again while they are still here.
  const end = ground.activity.begin(`messages of ${sourceArn.split(":").at(-1)} that gather for ${functionName}`);
  return gatherMore(queue, first, mapping, ground.world.clock, signal).finally(end);
}

async function gatherMore(
  queue: SourceQueue,
  first: readonly ReceivedMessage[],
  { batchSize, windowSeconds }: Mapping,
  clock: Clock,
  signal: AbortSignal,
): Promise<readonly ReceivedMessage[]> {
  const messages = [...first];
  const over = new AbortController();
  const windowOver = sleep(clock, clock.now() + windowSeconds * 1_000, AbortSignal.any([signal, over.signal]));
  void windowOver.then(() => over.abort());
  let bytes = sizeOf(messages);
  let gotAll = messages.length < MOST_IN_REQUEST;
  while (messages.length < batchSize && bytes < FULL_BYTES && !over.signal.aborted) {
    if (gotAll) await sleep(clock, clock.now() + TOGETHER_MS, over.signal);
    const most = Math.min(batchSize - messages.length, MOST_IN_REQUEST);
    const more = await queue.receive(most, LONGEST_WAIT_SECONDS, over.signal).catch(() => undefined);
    if (!more) break;
    gotAll = more.length < most;
    messages.push(...more);
    bytes += sizeOf(more);
  }
  over.abort();
  return messages;
}

function sizeOf(messages: readonly ReceivedMessage[]): number {
  return messages.reduce((sum, message) => sum + Buffer.byteLength(message.Body), 0);
}
