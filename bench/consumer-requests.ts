import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { dynamodbJournal, type LambdaPorts, lambdaHandler, timeLimit } from "@reliq/aws";
import { type ConsumerOptions, consumer, groupOrder, transactionalEffects } from "@reliq/core";
import { startLocalRegion, withServers } from "../harness/server-process.ts";
import type { SQSRecord } from "./consumer-order.ts";
import { invocation, Order, type OrderBody, orderEvent, orderRecord } from "./consumer-order.ts";

/** Messages of each stream. */
const MESSAGES = 1_000;

/** What a region is reached with. */
export const CREDENTIALS = { accessKeyId: "local", secretAccessKey: "local" };

/** What the consumer asks of DynamoDB a delivered message: the worst of all new, a tenth of duplicates, a tenth of failures. */
export interface Requests {
  readonly dynamodbRequestsPerMessage: number;
  readonly dynamodbRequestsPerMessageAt100: number;
  readonly dynamodbRequestsPerMessageTransactional: number;
  /** What order costs beyond the same effect on a standard queue. */
  readonly dynamodbExtraRequestsPerMessageFifo: number;
}

type Options = Omit<ConsumerOptions<OrderBody>, "handle" | "name" | "schema">;

interface Stream {
  readonly batch: number;
  /** A tenth repeats orders that are done; a tenth fails, and comes back with the next batch. */
  readonly kind: "duplicates" | "failures" | "new";
  readonly options: Options;
  /** In ten groups. */
  readonly fifo?: boolean;
}

const KEYED: Options = { idempotency: { key: ({ orderId }) => orderId } };
const KINDS = ["new", "duplicates", "failures"] as const;

/** Counts the requests of a consumer on a real table, in the local region in a process of its own. */
export async function countRequests(): Promise<Requests> {
  return await withServers([startLocalRegion], async ([region]) => {
    const count = counter(region?.endpoint ?? "");
    const worst = async (batch: number): Promise<number> => {
      const counts: number[] = [];
      for (const kind of KINDS) counts.push(await count({ batch, kind, options: KEYED }));
      return Math.max(...counts);
    };
    const transactional: Options = { ...KEYED, effect: "transactional" };
    const fifo: Options = { effect: "transactional" };
    const standard = await count({ batch: 10, kind: "new", options: transactional });
    const ordered = await count({ batch: 10, kind: "new", options: fifo, fifo: true });
    return {
      dynamodbRequestsPerMessage: await worst(10),
      dynamodbRequestsPerMessageAt100: await worst(100),
      dynamodbRequestsPerMessageTransactional: standard,
      dynamodbExtraRequestsPerMessageFifo: Math.max(0, Number((ordered - standard).toFixed(4))),
    };
  });
}

function counter(endpoint: string): (stream: Stream) => Promise<number> {
  const client = new DynamoDBClient({ endpoint, region: "us-east-1", credentials: CREDENTIALS });
  let requests = 0;
  client.middlewareStack.add(
    (next) => (args) => {
      requests++;
      return next(args);
    },
    { step: "finalizeRequest" },
  );
  let streams = 0;
  return async (stream) => {
    const table = `journal-${++streams}`;
    await createJournalTable(client, table);
    requests = 0;
    const delivered = await run(stream, portsOf(client, table), table);
    const perMessage = Number((requests / delivered).toFixed(4));
    console.error(
      `requests  batches of ${stream.batch}  ${stream.kind}${stream.fifo ? ", FIFO" : ""}  ${stream.options.effect ?? "any"}: ${perMessage} a message`,
    );
    return perMessage;
  };
}

/** Gives back how many messages were delivered. */
async function run({ batch, kind, options, fifo }: Stream, ports: LambdaPorts, table: string): Promise<number> {
  const failing = new Set<string>();
  const handler = lambdaHandler(
    consumer({
      ...options,
      name: "orders",
      schema: Order,
      handle: ({ orderId, cents }) => {
        if (kind === "failures" && cents % 10 === 0 && !failing.has(orderId)) {
          failing.add(orderId);
          throw new Error("the payment service is down");
        }
        return { writes: [effect(table, orderId)] };
      },
    }),
    ports,
  );
  let delivered = 0;
  let back: SQSRecord[] = [];
  for (let number = 1; number <= MESSAGES; ) {
    const records = [...back];
    for (; records.length < batch; number++) {
      const repeats = kind === "duplicates" && number % 10 === 0 && number > batch;
      records.push(
        orderRecord(repeats ? number - batch - 1 : number, fifo ? { group: `customer-${number % 10}` } : {}),
      );
    }
    const { batchItemFailures } = await handler(orderEvent(records), invocation());
    const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    back = records.filter(({ messageId }) => failed.has(messageId)).map(received);
    delivered += records.length;
  }
  return delivered;
}

function received(record: SQSRecord): SQSRecord {
  const receives = Number(record.attributes.ApproximateReceiveCount) + 1;
  return { ...record, attributes: { ...record.attributes, ApproximateReceiveCount: String(receives) } };
}

function effect(TableName: string, orderId: string): object {
  return { Put: { TableName, Item: { pk: { S: `effect#${orderId}` }, sk: { S: "effect" } } } };
}

function portsOf(client: DynamoDBClient, table: string): LambdaPorts {
  const journal = dynamodbJournal(client, table);
  return {
    journal,
    effects: transactionalEffects(journal),
    groups: groupOrder,
    visibility: { change: async () => {} },
    log: () => {},
    now: Date.now,
    random: Math.random,
    timeLimit,
    newToken: () => crypto.randomUUID(),
    maxReceiveCount: 5,
  };
}

/** The table as the construct `Journal` defines it. */
export async function createJournalTable(client: DynamoDBClient, TableName: string): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: ["pk", "sk", "queueDay", "failedAt"].map((AttributeName) => ({
        AttributeName,
        AttributeType: "S",
      })),
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: "by-queue",
          Projection: { ProjectionType: "ALL" },
          KeySchema: [
            { AttributeName: "queueDay", KeyType: "HASH" },
            { AttributeName: "failedAt", KeyType: "RANGE" },
          ],
        },
      ],
    }),
  );
}
