import type { Pool } from "undici";
import { callRaw } from "../harness/raw-client.ts";
import { startFauxqs } from "../harness/server-process.ts";
import { compare, onEveryConnection, type Rates, rate } from "./compare.ts";

/** Messages a run. */
const MESSAGES = 10_000;
const BATCH = 10;

/** Batch sends, and receive + delete in batches, a second: the local region against fauxqs. */
export async function benchSqs(): Promise<{ sendRatio: number; drainRatio: number }> {
  const { send, drain } = await compare("fauxqs", startFauxqs, measure);
  return { sendRatio: send, drainRatio: drain };
}

async function measure(pool: Pool, run: string, scale: number): Promise<Rates<"send" | "drain">> {
  const messages = MESSAGES * scale;
  const { QueueUrl } = await call(pool, "CreateQueue", { QueueName: run });
  const send = await rate(messages, () => sendAll(pool, QueueUrl as string, messages));
  const drain = await rate(messages, () => drainAll(pool, QueueUrl as string, messages));
  return { send, drain };
}

async function sendAll(pool: Pool, QueueUrl: string, messages: number): Promise<void> {
  const Entries = Array.from({ length: BATCH }, (_, index) => ({ Id: String(index), MessageBody: "x".repeat(500) }));
  let left = messages / BATCH;
  await onEveryConnection(async () => {
    while (left-- > 0) {
      const { Successful } = await call(pool, "SendMessageBatch", { QueueUrl, Entries });
      if ((Successful as unknown[]).length !== BATCH) throw new Error("a batch was not sent whole");
    }
  });
}

async function drainAll(pool: Pool, QueueUrl: string, messages: number): Promise<void> {
  let left = messages;
  await onEveryConnection(async () => {
    while (left > 0) {
      const { Messages = [] } = await call(pool, "ReceiveMessage", { QueueUrl, MaxNumberOfMessages: BATCH });
      const received = Messages as { MessageId: string; ReceiptHandle: string }[];
      if (received.length === 0) continue;
      const Entries = received.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      const { Successful } = await call(pool, "DeleteMessageBatch", { QueueUrl, Entries });
      left -= (Successful as unknown[]).length;
    }
  });
}

async function call(pool: Pool, action: string, input: object): Promise<Record<string, unknown>> {
  const { status, body } = await callRaw(pool, "sqs", action, input);
  if (status !== 200) throw new Error(`${action} answered ${status}: ${JSON.stringify(body)}`);
  return body;
}
