import { randomUUID } from "node:crypto";
import type { InvocationReport } from "../../../runtime/running.ts";
import { isThrottled } from "../errors.ts";
import type { TracedMessage } from "../invocations/function-trace.ts";
import { noteOutlived, noteThrottled } from "../invocations/invocation-table.ts";
import { failedMessages } from "./failed-messages.ts";
import type { Mapping } from "./mapping.ts";
import { sleep } from "./sleep.ts";
import type { SourceGround } from "./source-kind.ts";
import type { ReceivedMessage, SqsBatch } from "./sqs-event.ts";
import type { SourceQueue } from "./sqs-queue.ts";

export interface BatchResult {
  /** LastProcessingResult, as the API words it. */
  readonly word: string;
  readonly handledAll: boolean;
}

const FAILED = "PROBLEM: Function call failed";

/** How long a throttled batch waits until it is tried again, ms: at first, and at most. */
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 1_000;

/** A visibility timeout is a whole number of seconds; the queue need not be asked about less. */
const SHORTEST_VISIBILITY_MS = 1_000;

/**
 * Runs one batch: what the function has handled is deleted, what it failed is left to its visibility timeout.
 * A throttled batch is tried again until that has run out, and has then used up a receive without its function ever having run
 * (developer guide, SQS error handling, backoff strategy).
 */
export async function runBatch(
  ground: SourceGround,
  queue: SourceQueue,
  mapping: Mapping,
  batch: SqsBatch,
  closing: AbortSignal,
): Promise<BatchResult> {
  const messageIds = batch.messages.map((message) => message.MessageId);
  const failedIn = (report: InvocationReport): readonly string[] =>
    failedMessages(report.outcome, messageIds, mapping.reportsFailures);
  const receivedAt = ground.world.clock.now();
  const messages = batch.messages.map((message) => tracedMessage(message, mapping));
  const ran = await invokeWhileVisible(ground, queue, mapping, { ...batch, messages, failedIn }, closing);
  if (!ran) return { word: FAILED, handledAll: false };
  const { report, requestId } = ran;
  const failed = new Set(failedIn(report));
  const handled = batch.messages.filter((message) => !failed.has(message.MessageId));
  const end = ground.activity.begin(`a batch of ${mapping.functionName} that is being settled`);
  try {
    const left = await queue.remove(handled);
    if (left > 0) {
      ground.world.report(
        `${left} messages of ${mapping.sourceArn} outlived their visibility timeout in ${mapping.functionName}; they come again.`,
      );
    }
    await noteIfOutlived(ground, queue, requestId, receivedAt, messageIds);
  } finally {
    end();
  }
  return { word: report.outcome.kind === "success" ? "OK" : FAILED, handledAll: failed.size === 0 };
}

/** A delete that comes too late succeeds on a standard queue and deletes nothing: that the messages come again is evidence of its own. */
async function noteIfOutlived(
  { world }: SourceGround,
  queue: SourceQueue,
  requestId: string,
  receivedAt: number,
  messageIds: readonly string[],
): Promise<void> {
  const heldMs = world.clock.now() - receivedAt;
  if (heldMs < SHORTEST_VISIBILITY_MS || heldMs < (await queue.visibilitySeconds()) * 1_000) return;
  await noteOutlived(world, requestId, receivedAt, messageIds);
}

interface Attempted {
  readonly event: string;
  readonly messages: readonly TracedMessage[];
  readonly failedIn: (report: InvocationReport) => readonly string[];
}

async function invokeWhileVisible(
  { world, invoker }: SourceGround,
  queue: SourceQueue,
  { functionName }: Mapping,
  { event, messages, failedIn }: Attempted,
  closing: AbortSignal,
): Promise<{ readonly report: InvocationReport; readonly requestId: string } | undefined> {
  const receivedAt = world.clock.now();
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)) {
    const requestId = randomUUID();
    try {
      const request = { functionName, requestId, event, messages, failedMessageIds: failedIn };
      return { report: await invoker.invoke(request), requestId };
    } catch (error) {
      if (!isThrottled(error)) throw error;
    }
    const againAt = world.clock.now() + waitMs;
    const visibleAt = receivedAt + (await queue.visibilitySeconds()) * 1_000;
    if (againAt < visibleAt) await sleep(world.clock, againAt, closing);
    // Time may have jumped over their visibility meanwhile.
    if (closing.aborted || Math.max(againAt, world.clock.now()) >= visibleAt) {
      const messageIds = messages.map(({ messageId }) => messageId);
      await noteThrottled(world, requestId, functionName, receivedAt, messageIds);
      return undefined;
    }
  }
}

function tracedMessage({ MessageId, Attributes = {} }: ReceivedMessage, { sourceArn }: Mapping): TracedMessage {
  return {
    messageId: MessageId,
    queueName: sourceArn.slice(sourceArn.lastIndexOf(":") + 1),
    sentAtMs: Number(Attributes["SentTimestamp"]),
    receiveCount: Number(Attributes["ApproximateReceiveCount"]),
    traceHeader: Attributes["AWSTraceHeader"],
  };
}
