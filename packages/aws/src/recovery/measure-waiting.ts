import { GetQueueAttributesCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { FailureStore } from "@reliq/core/recovery";
import type { Measure } from "../telemetry/measures.ts";
import type { RecoveredQueue } from "./recovered-queue.ts";

/** How many messages a dead-letter queue shows, by its name. @throws where it cannot be asked */
export type DeadLetterDepth = (deadLetterQueue: string) => Promise<number>;

/**
 * What waits for somebody, by queue: messages that its dead-letter queue shows, and failures that are held. A dead-letter queue of
 * several queues counts for the first.
 */
export async function measureWaiting(
  queues: readonly RecoveredQueue[],
  store: FailureStore,
  depth: DeadLetterDepth,
): Promise<readonly Measure[]> {
  const totals = await store.totals();
  const measured = await Promise.all(
    queues.map(async ({ name, deadLetterQueue }): Promise<readonly Measure[]> => {
      const first = queues.find((each) => each.deadLetterQueue === deadLetterQueue);
      const visible = first?.name === name ? await depth(deadLetterQueue) : 0;
      const held = totals.find(({ queue }) => queue === name)?.states.held ?? 0;
      const gauge = { kind: "gauge", dimensions: { Queue: name } } as const;
      return [
        { name: "DLQ_Messages_Visible", value: visible + held, ...gauge },
        { name: "Held_Messages", value: held, ...gauge },
      ];
    }),
  );
  return measured.flat();
}

/** Asks SQS; a dead-letter queue lies beside its queue. */
export function sqsDepth(client: SQSClient, queues: readonly RecoveredQueue[]): DeadLetterDepth {
  return async (deadLetterQueue) => {
    const url = queues.find((each) => each.deadLetterQueue === deadLetterQueue)?.url ?? "";
    const { Attributes } = await client.send(
      new GetQueueAttributesCommand({
        QueueUrl: `${url.slice(0, url.lastIndexOf("/") + 1)}${deadLetterQueue}`,
        AttributeNames: ["ApproximateNumberOfMessages"],
      }),
    );
    return Number(Attributes?.["ApproximateNumberOfMessages"] ?? 0);
  };
}
