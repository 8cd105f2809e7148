import { join } from "node:path";
import { BundledFunction, type Journal, Recovery, RecoveryApi, type ReliableQueue } from "@reliq/cdk";
import { Aws, Duration, RemovalPolicy } from "aws-cdk-lib";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import type { CfnBucket } from "aws-cdk-lib/aws-s3";
import type { CfnTopic } from "aws-cdk-lib/aws-sns";
import type { CfnQueue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import type { Configuration } from "../configuration.ts";
import { NAMESPACE } from "../domain/batch-metrics.ts";
import type { Names } from "../names.ts";

/** Defines the poison handler with its failure store and its archive: Standard-IA after 30 days, Glacier Instant Retrieval after 90. */
export function definePoisonHandler(
  scope: Construct,
  { lambdaConfiguration, alertEmail }: Configuration,
  names: Names,
  { queues, journal }: { readonly queues: ReliableQueue; readonly journal: Journal },
): Recovery {
  const { timeout, memorySize, logRetentionDays } = lambdaConfiguration;
  const recovery = new Recovery(scope, "Poison", {
    entry: join(import.meta.dirname, "../handlers/poison-handler.ts"),
    functionName: names.poisonHandler,
    tracing: "active",
    tableName: names.failureTable,
    journal,
    metricNamespace: NAMESPACE,
    // The system's own shows its queues and functions together.
    dashboard: false,
    timeout: Duration.seconds(timeout),
    memorySizeMb: memorySize,
    logRetention: logRetentionDays,
    environment: { MAIN_QUEUE_NAME: queues.queue.queueName },
    removalPolicy: RemovalPolicy.DESTROY,
    coldAfter: Duration.days(30),
    colderAfter: Duration.days(90),
    ...(alertEmail !== undefined && { alertEmail }),
  });
  recovery.attach(queues);
  const bucket = recovery.archive.node.defaultChild as CfnBucket;
  bucket.bucketName = `${names.archive}-${Aws.ACCOUNT_ID}-${Aws.REGION}`;
  (recovery.wakeUpQueue.node.defaultChild as CfnQueue).queueName = names.wakeUps;
  (recovery.alertTopic.node.defaultChild as CfnTopic).topicName = names.alertTopic;
  return recovery;
}

/** Defines the function that replays archived messages. */
export function defineReplay(
  scope: Construct,
  { lambdaConfiguration }: Configuration,
  names: Names,
  { queues, recovery }: { readonly queues: ReliableQueue; readonly recovery: Recovery },
): LambdaFunction {
  const { timeout, memorySize, logRetentionDays } = lambdaConfiguration;
  const { function: replay } = new BundledFunction(scope, "Replay", {
    entry: join(import.meta.dirname, "../handlers/replay.ts"),
    functionName: names.replay,
    timeout: Duration.seconds(timeout),
    memorySizeMb: memorySize,
    logRetention: logRetentionDays,
    environment: { ...recovery.environment, MAIN_QUEUE_NAME: queues.queue.queueName },
  });
  recovery.grantOperate(replay);
  return replay;
}

/** Defines the address at which `reliq` can act on what failed and on groups that are held: whoever IAM lets may call it. */
export function defineApi(
  scope: Construct,
  { recoveryApprovers: approvers }: Configuration,
  names: Names,
  { queues, recovery }: { readonly queues: ReliableQueue; readonly recovery: Recovery },
): LambdaFunction {
  const entry = join(import.meta.dirname, "../handlers/recovery-api.ts");
  const { function: api } = new RecoveryApi(scope, "Api", { recovery, entry, approvers, apiName: names.api });
  api.addEnvironment("MAIN_QUEUE_NAME", queues.queue.queueName);
  return api;
}
