import type { lambdaHandler } from "@reliq/aws";
import { type GenericSchema, number, object, pipe, string, uuid } from "valibot";

type Handler = ReturnType<typeof lambdaHandler>;

/** What Lambda gives a function that consumes a queue. */
export type SQSEvent = Parameters<Handler>[0];

/** A message of it. */
export type SQSRecord = SQSEvent["Records"][number];

/** An invocation. */
export type Context = Parameters<Handler>[1];

/** Which messages come back. */
export type SQSBatchResponse = Awaited<ReturnType<Handler>>;

/** The body of the benches' messages. */
export interface OrderBody {
  readonly orderId: string;
  readonly customer: string;
  readonly cents: number;
  readonly note: string;
}

/** The schema that both sides check a body by. */
export const Order: GenericSchema<OrderBody> = object({
  orderId: pipe(string(), uuid()),
  customer: string(),
  cents: number(),
  note: string(),
});

/** A message about an order of its own, as Lambda's event source delivers it; FIFO where it has a group. */
export function orderRecord(
  number: number,
  { receives = 1, group }: { receives?: number; group?: string } = {},
): SQSRecord {
  const body = JSON.stringify(orderBody(number));
  const sentAtMs = String(Date.now() - 50);
  return {
    messageId: crypto.randomUUID(),
    receiptHandle: `AQEB${"x".repeat(180)}`,
    body,
    attributes: {
      ApproximateReceiveCount: String(receives),
      SentTimestamp: sentAtMs,
      SenderId: "AIDAIENQZJOLO23YVJ4VO",
      ApproximateFirstReceiveTimestamp: sentAtMs,
      ...(group !== undefined && { MessageGroupId: group, SequenceNumber: String(number).padStart(20, "0") }),
    },
    messageAttributes: {},
    md5OfBody: "0".repeat(32),
    eventSource: "aws:sqs",
    eventSourceARN: "arn:aws:sqs:us-east-1:123456789012:orders",
    awsRegion: "us-east-1",
  };
}

/** About 300 bytes, of which the number makes the order. */
export function orderBody(number: number): OrderBody {
  const orderId = `00000000-0000-4000-8000-${number.toString(16).padStart(12, "0")}`;
  return { orderId, customer: "Ada Lovelace", cents: number, note: "x".repeat(200) };
}

/** A delivery of these records. */
export function orderEvent(Records: SQSRecord[]): SQSEvent {
  return { Records };
}

/** An invocation that has a minute left. */
export function invocation(): Context {
  const endsAtMs = Date.now() + 60_000;
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: "orders",
    functionVersion: "$LATEST",
    invokedFunctionArn: "arn:aws:lambda:us-east-1:123456789012:function:orders",
    memoryLimitInMB: "128",
    awsRequestId: crypto.randomUUID(),
    logGroupName: "/aws/lambda/orders",
    logStreamName: "2026/01/31/[$LATEST]1",
    getRemainingTimeInMillis: () => endsAtMs - Date.now(),
    done: () => {},
    fail: () => {},
    succeed: () => {},
  };
}
