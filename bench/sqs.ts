import { Pool } from "undici";
import { type ServerProcess, startFauxqs, startLocalRegion } from "./server-process.ts";

/** Messages a run; one warm-up run goes first. */
const MESSAGES = 10_000;
const BATCH = 10;
const CONNECTIONS = 8;
const RUNS = 3;

interface Rates {
  readonly sent: number;
  readonly drained: number;
}

/** Batch sends, and receive + delete in batches, a second: the local region against fauxqs, same client, same run, state on disk. */
export async function benchSqs(): Promise<{ sendRatio: number; drainRatio: number }> {
  const servers = [await startLocalRegion(), await startFauxqs()] as const;
  const rates: [Rates[], Rates[]] = [[], []];
  try {
    for (let run = 0; run <= RUNS; run++) {
      for (const [index, server] of servers.entries()) {
        const measured = await measure(server, `bench-${run}`, run === 0 ? MESSAGES / 10 : MESSAGES);
        const name = index === 0 ? "local region" : "fauxqs      ";
        console.error(
          `run ${run}${run === 0 ? " (warm-up)" : ""}  ${name}  send ${measured.sent.toFixed(0)}/s  receive + delete ${measured.drained.toFixed(0)}/s`,
        );
        if (run > 0) rates[index === 0 ? 0 : 1].push(measured);
      }
    }
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
  return {
    sendRatio: ratio(rates, (each) => each.sent),
    drainRatio: ratio(rates, (each) => each.drained),
  };
}

function ratio([ours, theirs]: [Rates[], Rates[]], pick: (rates: Rates) => number): number {
  return Number((median(ours.map(pick)) / median(theirs.map(pick))).toFixed(2));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

async function measure(server: ServerProcess, queueName: string, messages: number): Promise<Rates> {
  const pool = new Pool(server.endpoint, { connections: CONNECTIONS });
  try {
    const { QueueUrl } = await call(pool, "CreateQueue", { QueueName: queueName });
    const sent = await rate(messages, () => sendAll(pool, QueueUrl as string, messages));
    const drained = await rate(messages, () => drainAll(pool, QueueUrl as string, messages));
    return { sent, drained };
  } finally {
    await pool.close();
  }
}

async function rate(messages: number, work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return (messages / (performance.now() - began)) * 1000;
}

async function sendAll(pool: Pool, QueueUrl: string, messages: number): Promise<void> {
  const Entries = Array.from({ length: BATCH }, (_, index) => ({ Id: String(index), MessageBody: "x".repeat(500) }));
  let left = messages / BATCH;
  await inParallel(async () => {
    while (left-- > 0) {
      const { Successful } = await call(pool, "SendMessageBatch", { QueueUrl, Entries });
      if ((Successful as unknown[]).length !== BATCH) throw new Error("a batch was not sent whole");
    }
  });
}

async function drainAll(pool: Pool, QueueUrl: string, messages: number): Promise<void> {
  let left = messages;
  await inParallel(async () => {
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

async function inParallel(work: () => Promise<void>): Promise<void> {
  await Promise.all(Array.from({ length: CONNECTIONS }, work));
}

async function call(pool: Pool, action: string, input: object): Promise<Record<string, unknown>> {
  const { statusCode, body } = await pool.request({
    path: "/",
    method: "POST",
    headers: {
      "x-amz-target": `AmazonSQS.${action}`,
      "content-type": "application/x-amz-json-1.0",
      authorization:
        "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0",
    },
    body: JSON.stringify(input),
  });
  const answer = await body.json();
  if (statusCode !== 200) throw new Error(`${action} answered ${statusCode}: ${JSON.stringify(answer)}`);
  return answer as Record<string, unknown>;
}
