import { randomUUID } from "node:crypto";
import type { InvocationReport } from "../../../runtime/running.ts";
import { isThrottled } from "../errors.ts";
import { noteThrottled } from "../invocations/invocation-table.ts";
import { failedMessages } from "./failed-messages.ts";
import type { Mapping } from "./mapping.ts";
import { sleep } from "./sleep.ts";
import type { SourceGround } from "./source-kind.ts";
import type { SqsBatch } from "./sqs-event.ts";
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
  const report = await invokeWhileVisible(ground, queue, mapping, { ...batch, messageIds, failedIn }, closing);
  if (!report) return { word: FAILED, handledAll: false };
  const failed = new Set(failedIn(report));
  const handled = batch.messages.filter((message) => !failed.has(message.MessageId));
  const end = ground.activity.begin(`a batch of ${mapping.functionName} that is being settled`);
  const left = await queue.remove(handled).finally(end);
  if (left > 0) {
    ground.world.report(
      `${left} messages of ${mapping.sourceArn} outlived their visibility timeout in ${mapping.functionName}; they come again.`,
    );
  }
  return { word: report.outcome.kind === "success" ? "OK" : FAILED, handledAll: failed.size === 0 };
}

interface Attempted {
  readonly event: string;
  readonly messageIds: readonly string[];
  readonly failedIn: (report: InvocationReport) => readonly string[];
}

async function invokeWhileVisible(
  { world, invoker }: SourceGround,
  queue: SourceQueue,
  { functionName }: Mapping,
  { event, messageIds, failedIn }: Attempted,
  closing: AbortSignal,
): Promise<InvocationReport | undefined> {
  const receivedAt = world.clock.now();
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)) {
    const requestId = randomUUID();
    try {
      return await invoker.invoke({ functionName, requestId, event, messageIds, failedMessageIds: failedIn });
    } catch (error) {
      if (!isThrottled(error)) throw error;
    }
    const againAt = world.clock.now() + waitMs;
    const visibleAt = receivedAt + (await queue.visibilitySeconds()) * 1_000;
    if (againAt < visibleAt) await sleep(world.clock, againAt, closing);
    // Time may have jumped over their visibility meanwhile.
    if (closing.aborted || Math.max(againAt, world.clock.now()) >= visibleAt) {
      await noteThrottled(world, requestId, functionName, receivedAt, messageIds);
      return undefined;
    }
  }
}
