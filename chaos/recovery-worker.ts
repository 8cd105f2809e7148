import { randomUUID } from "node:crypto";
import { dynamodbFailureStore, dynamodbJournal, dynamodbQuarantine } from "@reliq/aws";
import { recoveryHandler, s3Archive, sqsResend, sqsWakeUps } from "@reliq/aws/recovery";
import { serveQueue } from "../harness/event-source.ts";
import { regionClients } from "./chaos-region.ts";
import { JOURNAL_TABLE } from "./consumer-effects.ts";
import { ARCHIVE_BUCKET, CHAOS_POLICY, FAILURE_TABLE_NAME, type RecoverySetting } from "./recovery-setting.ts";

/** What a recovery process is told. */
export interface RecoveryTask extends RecoverySetting {
  readonly endpoint: string;
}

const { endpoint, queues, deadLetterUrls, wakeUpsUrl } = JSON.parse(process.argv[2] ?? "{}") as RecoveryTask;
const { sqs, dynamodb, s3 } = regionClients(endpoint);
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
    quarantine: dynamodbQuarantine(dynamodb, FAILURE_TABLE_NAME),
    archive: s3Archive(s3, ARCHIVE_BUCKET),
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
