import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { type ConsumerOptions, consumer, type LogLine } from "@reliq/core";
import { anyBody, samplePorts } from "@reliq/core/testing";
import type { SQSEvent, SQSRecord } from "aws-lambda";
import { dynamodbJournal, lambdaHandler } from "../src/index.ts";
import { tableClient } from "./journal-table.ts";
import { lambdaContext, sqsRecord } from "./sqs-event.ts";

/** A consumer's function over a journal in a local region. */
export interface Trial {
  readonly client: DynamoDBClient;
  readonly lines: readonly LogLine[];
  /** The requests to DynamoDB since the last look. */
  readonly sent: () => string[];
  /** Hands a batch over, and gives back which of its messages come back. */
  readonly deliver: (records: readonly SQSRecord[], remainingMs?: number) => Promise<string[]>;
}

/** A consumer of any body, in a function. */
export async function trial(options: Omit<ConsumerOptions<unknown>, "name" | "schema">): Promise<Trial> {
  const { client, requests } = await tableClient();
  let tokens = 0;
  const newToken = (): string => `token-${++tokens}`;
  const ports = samplePorts({ journal: dynamodbJournal(client, "journal"), now: Date.now, newToken });
  const handler = lambdaHandler(consumer({ name: "orders", schema: anyBody, ...options }), ports);
  return {
    client,
    lines: ports.lines,
    sent: () => requests.splice(0),
    deliver: async (records, remainingMs) => {
      const event: SQSEvent = { Records: [...records] };
      return (await handler(event, lambdaContext(remainingMs))).batchItemFailures.map(
        ({ itemIdentifier }) => itemIdentifier,
      );
    },
  };
}

/** Messages whose bodies are their indexes; FIFO where they have groups. */
export function batch(count: number, id: string, group?: (index: number) => string): SQSRecord[] {
  return Array.from({ length: count }, (_, index) => {
    const fifo = group && { MessageGroupId: group(index), SequenceNumber: String(index + 1).padStart(20, "0") };
    const attributes = { ...sqsRecord().attributes, ApproximateReceiveCount: "1", ...fifo };
    return sqsRecord({ messageId: `${id}-${index}`, body: String(index), attributes });
  });
}

/** The same messages, received once more: as SQS gives them, with other receipt handles. */
export function again(records: readonly SQSRecord[]): SQSRecord[] {
  return records.map((record) => {
    const receives = Number(record.attributes.ApproximateReceiveCount) + 1;
    const attributes = { ...record.attributes, ApproximateReceiveCount: String(receives) };
    return { ...record, receiptHandle: `${record.receiptHandle}-${receives}`, attributes };
  });
}
