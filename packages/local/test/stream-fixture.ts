import {
  CreateTableCommand,
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  type StreamViewType,
} from "@aws-sdk/client-dynamodb";
import type {
  CreateEventSourceMappingCommandInput,
  CreateEventSourceMappingCommandOutput,
} from "@aws-sdk/client-lambda";
import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { vi } from "vitest";
import type { Clock } from "../src/kernel/clock.ts";
import { type Run, type SourceFixture, useSourceFixture } from "./source-fixture.ts";

/** What a test reads of a record that the function got. */
export interface NotedRecord {
  readonly eventID: string;
  readonly eventName: string;
  readonly dynamodb: {
    readonly Keys: { readonly id: { readonly S: string } };
    readonly NewImage?: { readonly value: { readonly N: string } };
    readonly SequenceNumber: string;
  };
}

/** What a destination was told of records that were discarded. */
interface Discarded {
  readonly requestContext: Readonly<Record<string, unknown>>;
  readonly responseContext?: Readonly<Record<string, unknown>>;
  readonly DDBStreamBatchInfo: Readonly<Record<string, unknown>>;
  readonly [name: string]: unknown;
}

/** A region with a table, its stream, and a function that notes what it gets. */
export interface StreamFixture extends SourceFixture {
  /** Creates the table `orders`, and gives its stream's ARN. */
  table(viewType?: StreamViewType): Promise<string>;
  /** Writes an item: its key and its value. */
  put(id: string, value: number): Promise<void>;
  remove(id: string): Promise<void>;
  /** Maps the stream to the function, from the oldest record on unless told otherwise. */
  mapStream(
    arn: string,
    more?: Partial<CreateEventSourceMappingCommandInput>,
  ): Promise<CreateEventSourceMappingCommandOutput>;
  /** What the queue has been told, once it is told `count` times. */
  discarded(url: string, count: number): Promise<Discarded[]>;
}

/** Text for a function: the values of its records, and an answer that reports records by value. */
const STREAM_WORK = `
  const values = records.map((record) => Number(record.dynamodb.NewImage?.value.N));
  const report = (...failed) => ({ batchItemFailures: records
    .filter((_, index) => failed.includes(values[index]))
    .map((record) => ({ itemIdentifier: record.dynamodb.SequenceNumber })) });
  const run = (globalThis.runs = (globalThis.runs ?? 0) + 1);`;

export const recordsOf = (runs: readonly Run[]): NotedRecord[] =>
  runs.flatMap((run) => run.records as unknown as NotedRecord[]);

/** The values that each run got. */
export const valuesOf = (runs: readonly Run[]): number[][] =>
  runs.map((run) => recordsOf([run]).map((record) => Number(record.dynamodb.NewImage?.value.N)));

/** Gives each test of a file a region of its own. */
export function useStreamFixture(clock?: Clock): StreamFixture {
  const source = useSourceFixture(clock);
  const dynamodb = (): DynamoDBClient =>
    new DynamoDBClient({
      endpoint: source.fixture().region.endpoint,
      region: "us-east-1",
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
      maxAttempts: 1,
    });
  return {
    ...source,
    consumer: (work, properties) => source.consumer(`${STREAM_WORK} ${work}`, { Timeout: 10, ...properties }),
    table: async (StreamViewType = "NEW_AND_OLD_IMAGES") => {
      const { TableDescription } = await dynamodb().send(
        new CreateTableCommand({
          TableName: "orders",
          KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
          AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
          BillingMode: "PAY_PER_REQUEST",
          StreamSpecification: { StreamEnabled: true, StreamViewType },
        }),
      );
      return TableDescription?.LatestStreamArn ?? "";
    },
    put: async (id, value) => {
      await dynamodb().send(
        new PutItemCommand({ TableName: "orders", Item: { id: { S: id }, value: { N: String(value) } } }),
      );
    },
    remove: async (id) => {
      await dynamodb().send(new DeleteItemCommand({ TableName: "orders", Key: { id: { S: id } } }));
    },
    mapStream: (arn, more) => source.map(arn, { StartingPosition: "TRIM_HORIZON", ...more }),
    discarded: async (url, count) => {
      const told: Discarded[] = [];
      await vi.waitFor(async () => {
        const { Messages = [] } = await source
          .fixture()
          .sqs.send(new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10 }));
        told.push(...Messages.map(({ Body = "" }) => JSON.parse(Body)));
        if (told.length < count) throw new Error(`The queue was told ${told.length} times.`);
      }, 20_000);
      return told;
    },
  };
}
