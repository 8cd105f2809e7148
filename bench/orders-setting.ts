import { CreateTableCommand, DynamoDBClient, type PutItemCommandInput } from "@aws-sdk/client-dynamodb";
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { dynamodbJournal, timeLimit } from "@reliq/aws";
import { type ConsumePorts, groupOrder, transactionalEffects } from "@reliq/core";
import { failureTable } from "@reliq/core/testing";
import { type GenericSchema, number, object, string } from "valibot";
import { startLocalRegion, withServers } from "../harness/server-process.ts";
import { CREDENTIALS, createJournalTable } from "./consumer-requests.ts";

/** The tables of a region of orders. */
const JOURNAL_TABLE = "journal";
export const FAILURE_TABLE = "failures";
const ORDER_TABLE = "orders";

/** A region in a process of its own with the tables of ordered processing, and its clients. */
export interface OrderRegion {
  readonly sqs: SQSClient;
  readonly dynamodb: DynamoDBClient;
}

/** A message about the order that its group is of. */
export interface Step {
  readonly orderId: string;
  readonly step: number;
  readonly note: string;
}

/** The schema that every side checks a body by. */
export const Step: GenericSchema<Step> = object({ orderId: string(), step: number(), note: string() });

/** Starts an empty region, works with it, and ends it. */
export async function withOrderRegion<T>(work: (region: OrderRegion) => Promise<T>): Promise<T> {
  return await withServers([startLocalRegion], async ([server]) => {
    const settings = { endpoint: server?.endpoint ?? "", region: "us-east-1", credentials: CREDENTIALS };
    const region = { sqs: new SQSClient({ ...settings, md5: false }), dynamodb: new DynamoDBClient(settings) };
    await createJournalTable(region.dynamodb, JOURNAL_TABLE);
    await region.dynamodb.send(new CreateTableCommand(failureTable(FAILURE_TABLE)));
    await region.dynamodb.send(
      new CreateTableCommand({
        TableName: ORDER_TABLE,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: [{ AttributeName: "orderId", AttributeType: "S" }],
        KeySchema: [{ AttributeName: "orderId", KeyType: "HASH" }],
      }),
    );
    return await work(region).finally(() => {
      region.sqs.destroy();
      region.dynamodb.destroy();
    });
  });
}

/** A FIFO queue whose dead letters have a queue of their own; gives back both. */
export async function createQueues(
  sqs: SQSClient,
  name: string,
  maxReceiveCount: number,
): Promise<{ readonly queueUrl: string; readonly deadLetterUrl: string }> {
  const { QueueUrl: deadLetterUrl = "" } = await sqs.send(
    new CreateQueueCommand({ QueueName: `${name}-dead.fifo`, Attributes: { FifoQueue: "true" } }),
  );
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: deadLetterUrl, AttributeNames: ["QueueArn"] }),
  );
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: Attributes["QueueArn"], maxReceiveCount });
  const { QueueUrl: queueUrl = "" } = await sqs.send(
    new CreateQueueCommand({ QueueName: `${name}.fifo`, Attributes: { FifoQueue: "true", RedrivePolicy } }),
  );
  return { queueUrl, deadLetterUrl };
}

/** What a consumer of orders works with; `onEffect` is told the key of each step that is committed. */
export function orderPorts({ dynamodb }: OrderRegion, onEffect: (key: string) => void = () => {}): ConsumePorts {
  const journal = dynamodbJournal(dynamodb, JOURNAL_TABLE);
  return {
    journal,
    groups: groupOrder,
    effects: transactionalEffects({
      commit: async (commit) => {
        const committed = await journal.commit(commit);
        for (const write of commit.writes as readonly { readonly Put: PutItemCommandInput }[]) {
          const { orderId, step } = write.Put.Item ?? {};
          onEffect(keyOf({ orderId: orderId?.S ?? "", step: Number(step?.N) }));
        }
        return committed;
      },
    }),
    log: () => {},
    now: Date.now,
    random: Math.random,
    timeLimit,
    newToken: () => crypto.randomUUID(),
  };
}

/** Names a step of an order. */
export function keyOf({ orderId, step }: Pick<Step, "orderId" | "step">): string {
  return `${orderId}#${step}`;
}

/** A message's effect: the order as it is after its step. */
export function orderPut({ orderId, step, note }: Step): PutItemCommandInput {
  return { TableName: ORDER_TABLE, Item: { orderId: { S: orderId }, step: { N: String(step) }, note: { S: note } } };
}

/** About 300 bytes, as messages of orders have. */
export function stepOf(orderId: string, step: number): Step {
  return { orderId, step, note: "x".repeat(240) };
}
