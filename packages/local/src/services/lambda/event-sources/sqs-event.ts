import type { Members } from "../../../kernel/service.ts";

/** The largest event of one invocation, bytes (Lambda quotas, synchronous invocation payload). */
const LARGEST_EVENT_BYTES = 6 * 1_048_576;

/** A received message, as SQS gives it (ReceiveMessage). */
export interface ReceivedMessage {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly Body: string;
  readonly MD5OfBody: string;
  readonly Attributes?: Readonly<Record<string, string>>;
  readonly MD5OfMessageAttributes?: string;
  readonly MessageAttributes?: Readonly<Record<string, MessageAttribute>>;
}

interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: string;
}

/** Messages that go to a function together. */
export interface SqsBatch {
  readonly messages: readonly ReceivedMessage[];
  /** The event as JSON text. */
  readonly event: string;
}

/** The batches that messages make: one, or as many as the limit of an event's size asks for. The order stays. */
export function batchesOf(messages: readonly ReceivedMessage[], queueArn: string, region: string): SqsBatch[] {
  const batches: { messages: ReceivedMessage[]; records: string[] }[] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const message of messages) {
    const record = JSON.stringify(recordOf(message, queueArn, region));
    const more = Buffer.byteLength(record) + 1;
    if (bytes + more > LARGEST_EVENT_BYTES) {
      batches.push({ messages: [], records: [] });
      bytes = '{"Records":[]}'.length;
    }
    batches.at(-1)?.messages.push(message);
    batches.at(-1)?.records.push(record);
    bytes += more;
  }
  return batches.map((batch) => ({ messages: batch.messages, event: `{"Records":[${batch.records.join(",")}]}` }));
}

/** One record of the event (developer guide, example Amazon SQS message event). */
function recordOf(message: ReceivedMessage, queueArn: string, region: string): Members {
  const attributes = Object.entries(message.MessageAttributes ?? {});
  return {
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes: message.Attributes ?? {},
    messageAttributes: Object.fromEntries(attributes.map(([name, value]) => [name, lowerCase(value)])),
    ...(message.MD5OfMessageAttributes !== undefined && { md5OfMessageAttributes: message.MD5OfMessageAttributes }),
    md5OfBody: message.MD5OfBody,
    eventSource: "aws:sqs",
    eventSourceARN: queueArn,
    awsRegion: region,
  };
}

function lowerCase({ DataType, StringValue, BinaryValue }: MessageAttribute): Members {
  return {
    ...(StringValue !== undefined && { stringValue: StringValue }),
    ...(BinaryValue !== undefined && { binaryValue: BinaryValue }),
    stringListValues: [],
    binaryListValues: [],
    dataType: DataType,
  };
}
