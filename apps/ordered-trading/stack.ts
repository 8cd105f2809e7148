import { Journal, type Recovery, ReliableQueue } from "@reliq/cdk";
import { Annotations, type App, CfnOutput, RemovalPolicy, Stack, Tags } from "aws-cdk-lib";
import type { CfnFunction, Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import { type Configuration, readConfiguration } from "./configuration.ts";
import { defineAlertTopic, encryptTopic } from "./definition/alert-topic.ts";
import { defineMonitoring } from "./definition/monitoring.ts";
import { defineApi, definePoisonHandler, defineReplay } from "./definition/poison-handling.ts";
import { defineOrderTable, defineProcessor } from "./definition/processor.ts";
import { defineQueues, type OrderQueues } from "./definition/queues.ts";
import { type Names, namesOf, STACK } from "./names.ts";

/** Defines the system in one stack, by the configuration in cdk.json; `-c region=eu-west-1` puts it elsewhere. @throws ReliqError `configuration` */
export function defineOrderedTrading(app: App): Stack {
  const configuration = readConfiguration(app.node);
  const names = namesOf(configuration.projectName);
  const account = process.env["CDK_DEFAULT_ACCOUNT"];
  const region = app.node.tryGetContext("region") ?? "us-east-1";
  const stack = new Stack(app, STACK, { env: { region, ...(account && { account }) } });
  tag(stack, configuration);
  const queues = defineQueues(stack, configuration, names);
  const journal = new Journal(stack, "Journal", {
    tableName: names.journalTable,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const table = defineOrderTable(stack, configuration, names);
  const poison = definePoison(stack, configuration, names, queues, journal);
  const processor = defineProcessor(stack, configuration, names, { queues, journal, table, recovery: poison.recovery });
  output(stack, "MainQueueUrl", queues.queue.queueUrl, "URL of the FIFO queue of orders.");
  output(stack, "OrderTableName", table.tableName, "Name of the table of orders.");
  output(stack, "MessageProcessorFunctionName", processor.function.functionName, "Processes orders.");
  const functions = [processor.function, ...poison.functions];
  for (const each of functions) {
    (each.node.defaultChild as CfnFunction).runtime = configuration.lambdaConfiguration.runtime;
  }
  defineMonitoring(stack, names, poison.topic, poison.recovery !== undefined);
  return stack;
}

interface Poison {
  readonly recovery: Recovery | undefined;
  /** Who is told. */
  readonly topic: ITopic;
  readonly functions: readonly LambdaFunction[];
}

/** Defines the dead-letter queue's side, as far as it is enabled, and who is told. */
function definePoison(
  stack: Stack,
  configuration: Configuration,
  names: Names,
  queues: OrderQueues,
  journal: Journal,
): Poison {
  const { enablePoisonMessageHandling, enableMessageReplay } = configuration;
  const recovery =
    enablePoisonMessageHandling && queues instanceof ReliableQueue
      ? definePoisonHandler(stack, configuration, names, { queues, journal })
      : undefined;
  const topic = recovery?.alertTopic ?? defineAlertTopic(stack, configuration, names);
  const key = encryptTopic(stack, topic);
  output(stack, "AlertTopicArn", topic.topicArn, "Where people are told.");
  if (!(queues instanceof ReliableQueue)) return { recovery, topic, functions: [] };
  output(stack, "DeadLetterQueueUrl", queues.deadLetterQueue.queueUrl, "URL of the FIFO dead-letter queue.");
  if (!recovery) {
    if (enableMessageReplay) warnOfReplay(stack);
    return { recovery, topic, functions: [] };
  }
  key.grant(recovery.function, "kms:Decrypt", "kms:GenerateDataKey");
  output(stack, "ArchiveBucketName", recovery.archive.bucketName, "Name of the archive's bucket.");
  output(stack, "PoisonHandlerFunctionName", recovery.function.functionName, "Repairs, heals and archives.");
  const functions = [recovery.function];
  if (enableMessageReplay) {
    const replay = defineReplay(stack, configuration, names, { queues, recovery });
    output(stack, "MessageReplayFunctionName", replay.functionName, "Replays what is archived.");
    functions.push(replay);
  }
  if (configuration.enableRecoveryApi) functions.push(defineApi(stack, configuration, names, { queues, recovery }));
  return { recovery, topic, functions };
}

function warnOfReplay(stack: Stack): void {
  Annotations.of(stack).addWarningV2(
    "ordered-trading:nothing-to-replay",
    "`enableMessageReplay` is true and `enablePoisonMessageHandling` false: nothing is archived that a replay could bring back, so it is left out.",
  );
}

function tag(stack: Stack, { projectName }: Configuration): void {
  Tags.of(stack).add("Project", projectName);
  Tags.of(stack).add("Application", "ordered-trading");
  Tags.of(stack).add("CostCenter", projectName);
}

function output(stack: Stack, name: string, value: string, description: string): void {
  new CfnOutput(stack, name, { value, description });
}
