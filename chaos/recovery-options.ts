import { randomUUID } from "node:crypto";
import { dynamodbFailureStore, dynamodbJournal, dynamodbQuarantine } from "@reliq/aws";
import { type RecoveryOptions, s3Archive, sqsResend, sqsWakeUps } from "@reliq/aws/recovery";
import type { RecoverPorts, RecoveryRules } from "@reliq/core/recovery";
import type { RegionClients } from "./chaos-region.ts";
import { JOURNAL_TABLE } from "./consumer-effects.ts";
import { ARCHIVE_BUCKET, FAILURE_TABLE_NAME, type RecoverySetting } from "./recovery-setting.ts";

/** What recovery works by in a chaos run; nobody is told and nothing is logged, unless `ports` say otherwise. */
export function recoveryOptions(
  { sqs, dynamodb, s3 }: RegionClients,
  { queues, wakeUpsUrl }: Pick<RecoverySetting, "queues" | "wakeUpsUrl">,
  rules: RecoveryRules,
  ports: Partial<RecoverPorts> = {},
): RecoveryOptions {
  return {
    ...rules,
    queues,
    wakeUpQueue: wakeUpsUrl.slice(wakeUpsUrl.lastIndexOf("/") + 1),
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
      ...ports,
    },
  };
}
