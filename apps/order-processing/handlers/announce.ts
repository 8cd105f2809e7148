import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda";
import { type Announcement, announceOrder, announceStock } from "../domain/announcements.ts";
import { need } from "./environment.ts";

const sns = new SNSClient({});
const topics = JSON.parse(need("TOPICS")) as Readonly<Record<string, string>>;

/** Tells topics what has become of orders and of stock, in the stream's order; where a topic does not take it, Lambda comes back with that record. */
export async function handler({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> {
  for (const record of Records) {
    try {
      for (const each of announcements(record)) await publish(each);
    } catch (error) {
      console.log(JSON.stringify({ level: "error", event: "announcement-failed", error: String(error) }));
      return { batchItemFailures: [{ itemIdentifier: record.dynamodb?.SequenceNumber ?? "" }] };
    }
  }
  return { batchItemFailures: [] };
}

function announcements({ dynamodb }: DynamoDBRecord): readonly Announcement[] {
  const [before, after] = [image(dynamodb?.OldImage), image(dynamodb?.NewImage)];
  if (!after) return [];
  return "orderId" in after
    ? announceOrder(before as Parameters<typeof announceOrder>[0], after as Parameters<typeof announceOrder>[1])
    : announceStock(before as Parameters<typeof announceStock>[0], after as Parameters<typeof announceStock>[1]);
}

function image(of: NonNullable<DynamoDBRecord["dynamodb"]>["NewImage"]): object | undefined {
  return of && unmarshall(of as Parameters<typeof unmarshall>[0]);
}

async function publish({ topic, message, attributes }: Announcement): Promise<void> {
  const MessageAttributes = Object.fromEntries(
    Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: "String", StringValue }]),
  );
  await sns.send(new PublishCommand({ TopicArn: topics[topic], Message: JSON.stringify(message), MessageAttributes }));
}
