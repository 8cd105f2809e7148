import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { CLIENT_SETTINGS, logLines } from "@reliq/aws";
import { emfMeasures } from "@reliq/aws/telemetry";
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda";
import { type Announcement, announceOrder, announceStock } from "../domain/announcements.ts";
import { measureOrder } from "../domain/order-measures.ts";
import type { OrderState } from "../domain/order-state.ts";
import type { Stock } from "../domain/stock.ts";
import { NAMESPACE } from "../names.ts";
import { need } from "./environment.ts";
import { whileActive } from "./while-active.ts";

const log = logLines();
const sns = new SNSClient(CLIENT_SETTINGS);
const topics = JSON.parse(need("TOPICS")) as Readonly<Record<string, string>>;

const measure = emfMeasures({ namespace: NAMESPACE });

/**
 * Tells topics what has become of orders and of stock, in the stream's order, and measures it for the business; where a topic does not take it,
 * Lambda comes back with that record. In standby nobody is told: the active region does.
 */
export const handler: (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse> = whileActive(announceAll, () => ({
  batchItemFailures: [],
}));

async function announceAll({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> {
  for (const record of Records) {
    try {
      for (const each of announcements(record)) await publish(each);
    } catch (error) {
      log({ level: "error", event: "announcement-failed", error: String(error) });
      return { batchItemFailures: [{ itemIdentifier: record.dynamodb?.SequenceNumber ?? "" }] };
    }
  }
  return { batchItemFailures: [] };
}

function announcements({ dynamodb }: DynamoDBRecord): readonly Announcement[] {
  const [before, after] = [image(dynamodb?.OldImage), image(dynamodb?.NewImage)];
  if (!after) return [];
  if (!("orderId" in after)) return announceStock(before as Stock | undefined, after as Stock);
  const [was, is] = [before as OrderState | undefined, after as OrderState];
  measure(measureOrder(was, is, Date.now()));
  return announceOrder(was, is);
}

function image(of: NonNullable<DynamoDBRecord["dynamodb"]>["NewImage"]): object | undefined {
  return of && unmarshall(of as Parameters<typeof unmarshall>[0]);
}

async function publish({ topic, message, short, attributes }: Announcement): Promise<void> {
  const MessageAttributes = Object.fromEntries(
    Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: "String", StringValue }]),
  );
  const Message = JSON.stringify({ default: JSON.stringify(message), sms: short });
  await sns.send(new PublishCommand({ TopicArn: topics[topic], Message, MessageStructure: "json", MessageAttributes }));
}
