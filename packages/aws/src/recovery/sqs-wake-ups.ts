import type { SQSClient } from "@aws-sdk/client-sqs";
import { ReliqError } from "@reliq/core";
import type { WakeUp, WakeUps } from "@reliq/core/recovery";
import { sendMessages } from "../sqs/send-messages.ts";

/** The longest delay of a message, seconds (SQS developer guide, "Amazon SQS delay queues"). */
const LONGEST_DELAY_SECONDS = 900;

/** Reminders as messages of a standard queue: a longer wait than SQS can delay is received early, and sent on. */
export function sqsWakeUps(client: SQSClient, queueUrl: string, now: () => number = Date.now): WakeUps {
  return {
    add: async (wakeUps) => {
      const messages = wakeUps.map(({ wakeUp, afterSeconds }) => ({
        body: JSON.stringify({ wakeUp, dueAtMs: now() + afterSeconds * 1_000 }),
        delaySeconds: Math.min(LONGEST_DELAY_SECONDS, Math.max(0, Math.ceil(afterSeconds))),
      }));
      const { failed } = await sendMessages(client, queueUrl, messages);
      const [first] = failed;
      if (first) throw new ReliqError(first.code, `A reminder was not accepted: ${first.message}`, { retryable: true });
    },
  };
}

/** A reminder as it was received. @throws ReliqError `not-a-wake-up` */
export function readWakeUp(body: string): { readonly wakeUp: WakeUp; readonly dueAtMs: number } {
  const { wakeUp, dueAtMs } = JSON.parse(body) as { wakeUp?: WakeUp; dueAtMs?: number };
  if (wakeUp?.kind !== undefined && typeof dueAtMs === "number") return { wakeUp, dueAtMs };
  throw new ReliqError("not-a-wake-up", "The queue of reminders is recovery's own: nothing else may send to it.");
}
