import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { recoveryHandler } from "@reliq/aws/recovery";

type Handler = ReturnType<typeof recoveryHandler>;
type SqsRecord = Extract<Parameters<Handler>[0], { readonly Records: unknown }>["Records"][number];

/** A queue, and what handles its messages. */
export interface EventSource {
  readonly client: SQSClient;
  readonly queueUrl: string;
  readonly handler: Handler;
  /** How long a poll waits for messages, seconds. @default 1 */
  readonly waitSeconds?: number;
}

/** Does what Lambda's event source does, until the signal: a batch that throws comes back, and so does what the answer names. */
export async function serveQueue(source: EventSource, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) await serveOnce(source);
}

/** One poll, and how many messages it received. */
async function serveOnce({ client, queueUrl, handler, waitSeconds = 1 }: EventSource): Promise<number> {
  const { Messages = [] } = await client.send(
    new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: 10,
      WaitTimeSeconds: waitSeconds,
      MessageAttributeNames: ["All"],
      MessageSystemAttributeNames: ["All"],
    }),
  );
  if (Messages.length === 0) return 0;
  const failed = await handleBatch(handler, queueUrl, Messages);
  const done = Messages.filter(({ MessageId = "" }) => !failed.has(MessageId));
  const Entries = done.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
  if (Entries.length > 0) await client.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
  return Messages.length;
}

async function handleBatch(
  handler: Handler,
  queueUrl: string,
  messages: readonly Message[],
): Promise<ReadonlySet<string>> {
  try {
    const answer = await handler({ Records: messages.map((message) => recordOf(queueUrl, message)) });
    return new Set(answer?.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  } catch {
    return new Set(messages.map(({ MessageId = "" }) => MessageId));
  }
}

function recordOf(queueUrl: string, message: Message): SqsRecord {
  const { MessageId = "", ReceiptHandle = "", Body = "", Attributes = {}, MessageAttributes = {} } = message;
  return {
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body,
    attributes: Attributes as unknown as SqsRecord["attributes"],
    messageAttributes: Object.fromEntries(
      Object.entries(MessageAttributes).map(([name, { DataType = "String", StringValue, BinaryValue }]) => [
        name,
        {
          dataType: DataType as "String",
          ...(StringValue !== undefined && { stringValue: StringValue }),
          ...(BinaryValue !== undefined && { binaryValue: Buffer.from(BinaryValue).toString("base64") }),
        },
      ]),
    ),
    md5OfBody: "",
    eventSource: "aws:sqs",
    eventSourceARN: `arn:aws:sqs:us-east-1:000000000000:${queueUrl.slice(queueUrl.lastIndexOf("/") + 1)}`,
    awsRegion: "us-east-1",
  };
}
