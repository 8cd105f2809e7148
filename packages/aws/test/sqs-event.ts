import { createHash } from "node:crypto";
import type { Context, SQSEvent, SQSRecord } from "aws-lambda";

/** A record as Lambda's event source for SQS gives it (Lambda developer guide, "Using Lambda with Amazon SQS"). */
export function sqsRecord(changes: Partial<SQSRecord> = {}): SQSRecord {
  const body = changes.body ?? "{}";
  return {
    messageId: "059f36b4-87a3-44ab-83d2-661975830a7d",
    receiptHandle: "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a",
    body,
    attributes: {
      ApproximateReceiveCount: "2",
      SentTimestamp: "1545082649183",
      SenderId: "AIDAIENQZJOLO23YVJ4VO",
      ApproximateFirstReceiveTimestamp: "1545082649185",
    },
    messageAttributes: {},
    md5OfBody: createHash("md5").update(body).digest("hex"),
    eventSource: "aws:sqs",
    eventSourceARN: "arn:aws:sqs:us-east-1:123456789012:orders",
    awsRegion: "us-east-1",
    ...changes,
  };
}

/** A batch of messages with these bodies, m-0, m-1, … */
export function sqsEvent(...bodies: readonly string[]): SQSEvent {
  return { Records: bodies.map((body, index) => sqsRecord({ messageId: `m-${index}`, body })) };
}

/** An invocation that has some milliseconds left. */
export function lambdaContext(remainingMs = 30_000): Context {
  const end = Date.now() + remainingMs;
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: "orders",
    functionVersion: "$LATEST",
    invokedFunctionArn: "arn:aws:lambda:us-east-1:123456789012:function:orders",
    memoryLimitInMB: "128",
    awsRequestId: "r-1",
    logGroupName: "/aws/lambda/orders",
    logStreamName: "2026/01/31/[$LATEST]1",
    getRemainingTimeInMillis: () => end - Date.now(),
    done: () => {},
    fail: () => {},
    succeed: () => {},
  };
}
