import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { type Producer, producer } from "@reliq/aws";
import { ENVELOPE_ATTRIBUTE } from "@reliq/core";
import { type Region, startRegion } from "@reliq/local";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { IngestedEvent } from "../domain/event.ts";
import type { FirstAnswers } from "../domain/idempotency.ts";
import { type IngestEnd, ingest } from "../domain/ingest.ts";
import { dynamodbAnswers } from "../handlers/dynamodb-answers.ts";

let directory: string;
let region: Region;
let sqs: SQSClient;
let answers: FirstAnswers;
let queueUrl: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "reliq-ingest-"));
  region = await startRegion({ stateDirectory: directory, port: 0 });
  const credentials = { accessKeyId: "x", secretAccessKey: "x" };
  const settings = { endpoint: region.endpoint, region: "us-east-1", credentials };
  const dynamodb = new DynamoDBClient(settings);
  sqs = new SQSClient(settings);
  await dynamodb.send(
    new CreateTableCommand({
      TableName: "answers",
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
    }),
  );
  answers = dynamodbAnswers(dynamodb, "answers", 600);
  const created = await sqs.send(new CreateQueueCommand({ QueueName: "events" }));
  queueUrl = created.QueueUrl ?? "";
});
afterAll(async () => {
  await region.stop();
  rmSync(directory, { recursive: true });
});

/** Where a request is killed: before or after one of its writes. */
interface Kill {
  readonly at: "claim" | "send" | "settle";
  readonly when: "after" | "before";
}

const KILL = fc.record({
  at: fc.constantFrom<Kill["at"]>("claim", "send", "settle"),
  when: fc.constantFrom<Kill["when"]>("after", "before"),
});

/** Posts of one order; its content may differ. */
const POSTS = fc.array(
  fc.record({
    amount: fc.constantFrom(1, 2),
    kill: fc.option(KILL, { nil: undefined }),
    keyed: fc.boolean(),
    together: fc.boolean(),
  }),
  { minLength: 1, maxLength: 6 },
);
type Post = typeof POSTS extends fc.Arbitrary<(infer T)[]> ? T : never;

function killing<A extends readonly unknown[], R>(
  step: Kill["at"],
  kill: Kill | undefined,
  work: (...args: A) => Promise<R>,
): (...args: A) => Promise<R> {
  return async (...args) => {
    if (kill?.at === step && kill.when === "before") throw new Error("killed");
    const end = await work(...args);
    if (kill?.at === step) throw new Error("killed");
    return end;
  };
}

async function tryIngest(orderId: string, { amount, kill, keyed }: Post): Promise<IngestEnd | undefined> {
  const real = producer({ queueUrl, client: sqs });
  const sender: Producer = { ...real, trySend: killing("send", kill, real.trySend) };
  const kept: FirstAnswers = {
    claim: killing("claim", kill, answers.claim),
    settle: killing("settle", kill, answers.settle),
  };
  const key = keyed ? { idempotencyKey: `${orderId}-${amount}` } : {};
  const request = { events: [{ orderId, amount }], isList: false, correlationId: crypto.randomUUID(), ...key };
  const newId = (): string => crypto.randomUUID();
  return ingest(request, { producer: sender, answers: kept, newId, mode: async () => "none" }).catch(() => undefined);
}

/** All messages of the queue so far, by their lineages. */
const seen = new Map<string, IngestedEvent>();

async function receiveAll(): Promise<void> {
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: 3_600,
        MessageAttributeNames: [ENVELOPE_ATTRIBUTE],
      }),
    );
    if (Messages.length === 0) return;
    for (const { MessageAttributes = {}, Body = "" } of Messages) {
      const { id } = JSON.parse(MessageAttributes[ENVELOPE_ATTRIBUTE]?.StringValue ?? "{}") as { id?: string };
      seen.set(id ?? "", JSON.parse(Body) as IngestedEvent);
    }
  }
}

let runs = 0;

test("whatever is killed, repeated or comes at once: what is acknowledged is on the queue, with one answer, and one content an order", async () => {
  await fc.assert(
    fc.asyncProperty(POSTS, async (posts) => {
      const orderId = `o-${++runs}`;
      const ends: { readonly amount: number; readonly end: IngestEnd | undefined }[] = [];
      let together: Promise<unknown>[] = [];
      for (const each of posts) {
        together.push(tryIngest(orderId, each).then((end) => ends.push({ amount: each.amount, end })));
        if (each.together) continue;
        await Promise.all(together);
        together = [];
      }
      await Promise.all(together);
      await receiveAll();
      const accepted = ends.flatMap(({ amount, end }) => (end?.kind === "accepted" ? [{ amount, end }] : []));
      expect(new Set(accepted.map(({ end }) => JSON.stringify(end.accepted))).size).toBeLessThanOrEqual(1);
      for (const { amount, end } of accepted) {
        expect(seen.get(end.accepted[0]?.messageId ?? "")).toEqual({ orderId, amount });
      }
      // However often it was sent, it is one event.
      expect([...seen.values()].filter((event) => event.orderId === orderId).length).toBeLessThanOrEqual(1);
    }),
    { numRuns: 40 },
  );
}, 120_000);
