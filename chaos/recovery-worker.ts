import { randomUUID } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { dynamodbFailureStore, dynamodbJournal } from "@reliq/aws";
import { recoveryHandler, s3Archive, sqsResend, sqsWakeUps } from "@reliq/aws/recovery";
import { JOURNAL_TABLE } from "./consumer-effects.ts";
import { ARCHIVE_BUCKET, CHAOS_POLICY, FAILURE_TABLE_NAME, type RecoverySetting } from "./recovery-setting.ts";

type RecoveryEvent = Parameters<ReturnType<typeof recoveryHandler>>[0];
type SqsRecord = Extract<RecoveryEvent, { readonly Records: unknown }>["Records"][number];

/** What a recovery process is told. */
export interface RecoveryTask extends RecoverySetting {
  readonly endpoint: string;
}

const { endpoint, queues, deadLetterUrls, wakeUpsUrl } = JSON.parse(process.argv[2] ?? "{}") as RecoveryTask;
const region = { endpoint, region: "us-east-1", credentials: { accessKeyId: "local", secretAccessKey: "local" } };
const sqs = new SQSClient({ ...region, md5: false });
const dynamodb = new DynamoDBClient(region);
// Without whoever started it, nobody would end it.
process.once("disconnect", () => process.exit());
const handler = recoveryHandler({
  policy: CHAOS_POLICY,
  repairs: [],
  queues,
  wakeUpQueue: nameOf(wakeUpsUrl),
  ports: {
    journal: dynamodbJournal(dynamodb, JOURNAL_TABLE),
    store: dynamodbFailureStore(dynamodb, FAILURE_TABLE_NAME),
    archive: s3Archive(new S3Client({ ...region, forcePathStyle: true }), ARCHIVE_BUCKET),
    resend: sqsResend(sqs, queues),
    wakeUps: sqsWakeUps(sqs, wakeUpsUrl),
    alerts: { send: async () => {} },
    log: () => {},
    now: Date.now,
    random: Math.random,
    newId: randomUUID,
  },
});
process.send?.("working");
await Promise.all([...deadLetterUrls, wakeUpsUrl].map(serve));

/** Does what Lambda's event source does, until the process is killed; a batch that throws comes back. */
async function serve(QueueUrl: string): Promise<never> {
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: 1,
        MessageAttributeNames: ["All"],
        MessageSystemAttributeNames: ["All"],
      }),
    );
    if (Messages.length === 0) continue;
    const failed = await handleBatch(QueueUrl, Messages);
    const done = Messages.filter(({ MessageId = "" }) => !failed.has(MessageId));
    const Entries = done.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    if (Entries.length > 0) await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  }
}

async function handleBatch(queueUrl: string, messages: readonly Message[]): Promise<ReadonlySet<string>> {
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
      Object.entries(MessageAttributes).map(([name, { DataType = "String", StringValue = "" }]) => [
        name,
        { dataType: DataType as "String", stringValue: StringValue },
      ]),
    ),
    md5OfBody: "",
    eventSource: "aws:sqs",
    eventSourceARN: `arn:aws:sqs:us-east-1:000000000000:${nameOf(queueUrl)}`,
    awsRegion: "us-east-1",
  };
}

function nameOf(queueUrl: string): string {
  return queueUrl.slice(queueUrl.lastIndexOf("/") + 1);
}
