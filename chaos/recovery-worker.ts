import { randomUUID } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { dynamodbFailureStore, dynamodbJournal } from "@reliq/aws";
import { recoveryHandler, s3Archive, sqsResend, sqsWakeUps } from "@reliq/aws/recovery";
import { serveQueue } from "../harness/event-source.ts";
import { JOURNAL_TABLE } from "./consumer-effects.ts";
import { ARCHIVE_BUCKET, CHAOS_POLICY, FAILURE_TABLE_NAME, type RecoverySetting } from "./recovery-setting.ts";

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
const { signal } = new AbortController();
await Promise.all(
  [...deadLetterUrls, wakeUpsUrl].map((queueUrl) => serveQueue({ client: sqs, queueUrl, handler }, signal)),
);

function nameOf(queueUrl: string): string {
  return queueUrl.slice(queueUrl.lastIndexOf("/") + 1);
}
