import { CloudWatchClient, type MetricAlarm, paginateDescribeAlarms } from "@aws-sdk/client-cloudwatch";
import {
  EventBridgeClient,
  ListEventBusesCommand,
  ListRulesCommand,
  ListTargetsByRuleCommand,
} from "@aws-sdk/client-eventbridge";
import {
  type FunctionConfiguration,
  GetFunctionConcurrencyCommand,
  LambdaClient,
  paginateListEventSourceMappings,
  paginateListFunctions,
} from "@aws-sdk/client-lambda";
import { paginateListSubscriptions, SNSClient } from "@aws-sdk/client-sns";
import { GetQueueAttributesCommand, paginateListQueues, SQSClient } from "@aws-sdk/client-sqs";
import type { StageSettings } from "../gameday/game-day.ts";
import { inParts } from "../in-parts.ts";
import type {
  DeployedAlarm,
  DeployedFunction,
  DeployedMapping,
  DeployedParts,
  DeployedQueue,
  QueueSender,
} from "./deployment.ts";

/** How many requests are under way at once. */
const AT_ONCE = 10;

/** Reads all queues of a region and what has to do with them; it asks SQS, Lambda, CloudWatch, SNS and EventBridge, and changes nothing. */
export async function readDeployment(settings: StageSettings): Promise<DeployedParts> {
  const [queues, functions, mappings, alarms, subscribed, targeted] = await Promise.all([
    readQueues(new SQSClient(settings)),
    readFunctions(new LambdaClient(settings)),
    readMappings(new LambdaClient(settings)),
    readAlarms(new CloudWatchClient(settings)),
    readSubscriptions(new SNSClient(settings)),
    readTargets(new EventBridgeClient(settings)),
  ]);
  return { queues, functions, mappings, alarms, senders: [...subscribed, ...targeted] };
}

async function readQueues(sqs: SQSClient): Promise<readonly DeployedQueue[]> {
  const urls: string[] = [];
  for await (const page of paginateListQueues({ client: sqs, pageSize: 1_000 }, {}))
    urls.push(...(page.QueueUrls ?? []));
  return inParts(urls, AT_ONCE, async (QueueUrl) => {
    const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }));
    return toQueue(QueueUrl, Attributes);
  });
}

function toQueue(url: string, attributes: Readonly<Record<string, string | undefined>>): DeployedQueue {
  const { RedrivePolicy, KmsMasterKeyId, Policy } = attributes;
  const name = url.slice(url.lastIndexOf("/") + 1);
  const redrive = JSON.parse(RedrivePolicy ?? "{}") as {
    readonly deadLetterTargetArn?: string;
    readonly maxReceiveCount?: number | string;
  };
  return {
    name,
    arn: attributes["QueueArn"] ?? "",
    fifo: name.endsWith(".fifo"),
    visibilitySeconds: Number(attributes["VisibilityTimeout"]),
    retentionSeconds: Number(attributes["MessageRetentionPeriod"]),
    waitSeconds: Number(attributes["ReceiveMessageWaitTimeSeconds"]),
    ...(redrive.deadLetterTargetArn !== undefined && { deadLetterArn: redrive.deadLetterTargetArn }),
    ...(redrive.maxReceiveCount !== undefined && { maxReceiveCount: Number(redrive.maxReceiveCount) }),
    ...(KmsMasterKeyId && { kmsKey: KmsMasterKeyId }),
    ...(Policy && { policy: JSON.parse(Policy) }),
  };
}

async function readFunctions(lambda: LambdaClient): Promise<readonly DeployedFunction[]> {
  const found: FunctionConfiguration[] = [];
  for await (const page of paginateListFunctions({ client: lambda }, {})) found.push(...(page.Functions ?? []));
  return inParts(found, AT_ONCE, async ({ FunctionName = "", FunctionArn = "", Timeout = 3, Environment }) => {
    const ask = new GetFunctionConcurrencyCommand({ FunctionName });
    const { ReservedConcurrentExecutions: reserved } = await lambda.send(ask);
    return {
      name: FunctionName,
      arn: FunctionArn,
      timeoutSeconds: Timeout,
      variables: Environment?.Variables ?? {},
      ...(reserved !== undefined && { reservedConcurrency: reserved }),
    };
  });
}

async function readMappings(lambda: LambdaClient): Promise<readonly DeployedMapping[]> {
  const mappings: DeployedMapping[] = [];
  for await (const page of paginateListEventSourceMappings({ client: lambda }, {})) {
    for (const each of page.EventSourceMappings ?? []) {
      if (!/^arn:[^:]+:sqs:/.test(each.EventSourceArn ?? "")) continue;
      const maximum = each.ScalingConfig?.MaximumConcurrency;
      mappings.push({
        id: each.UUID ?? "",
        functionArn: each.FunctionArn ?? "",
        queueArn: each.EventSourceArn ?? "",
        state: each.State ?? "",
        lastResult: each.LastProcessingResult ?? "",
        batchSize: each.BatchSize ?? 10,
        windowSeconds: each.MaximumBatchingWindowInSeconds ?? 0,
        reportsFailures: each.FunctionResponseTypes?.includes("ReportBatchItemFailures") ?? false,
        filters: (each.FilterCriteria?.Filters ?? []).flatMap(({ Pattern }) => Pattern ?? []),
        ...(maximum !== undefined && { maximumConcurrency: maximum }),
      });
    }
  }
  return mappings;
}

async function readAlarms(cloudwatch: CloudWatchClient): Promise<readonly DeployedAlarm[]> {
  const alarms: DeployedAlarm[] = [];
  for await (const page of paginateDescribeAlarms({ client: cloudwatch }, {})) {
    alarms.push(...(page.MetricAlarms ?? []).map(toAlarm));
  }
  return alarms;
}

function toAlarm({ AlarmName = "", Namespace, MetricName, Dimensions, Metrics = [] }: MetricAlarm): DeployedAlarm {
  const inMath = Metrics.flatMap(({ MetricStat }) => MetricStat?.Metric ?? []);
  const metrics = [{ Namespace, MetricName, Dimensions }, ...inMath].filter((each) => each.MetricName !== undefined);
  return {
    name: AlarmName,
    metrics: metrics.map((each) => ({
      namespace: each.Namespace ?? "",
      name: each.MetricName ?? "",
      dimensions: Object.fromEntries((each.Dimensions ?? []).map(({ Name = "", Value = "" }) => [Name, Value])),
    })),
  };
}

async function readSubscriptions(sns: SNSClient): Promise<readonly QueueSender[]> {
  const senders: QueueSender[] = [];
  for await (const page of paginateListSubscriptions({ client: sns }, {})) {
    for (const { Protocol, TopicArn = "", Endpoint = "" } of page.Subscriptions ?? []) {
      if (Protocol === "sqs") senders.push({ kind: "topic", arn: TopicArn, queueArn: Endpoint });
    }
  }
  return senders;
}

async function readTargets(events: EventBridgeClient): Promise<readonly QueueSender[]> {
  const { EventBuses = [] } = await events.send(new ListEventBusesCommand({}));
  const senders: QueueSender[] = [];
  for (const { Name: EventBusName } of EventBuses) {
    let NextToken: string | undefined;
    do {
      const page = await events.send(new ListRulesCommand({ EventBusName, NextToken }));
      for (const { Name: Rule, Arn: arn = "" } of page.Rules ?? []) {
        const { Targets = [] } = await events.send(new ListTargetsByRuleCommand({ EventBusName, Rule }));
        const toQueues = Targets.filter(({ Arn = "" }) => /^arn:[^:]+:sqs:/.test(Arn));
        senders.push(...toQueues.map(({ Arn = "" }) => ({ kind: "rule" as const, arn, queueArn: Arn })));
      }
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
  }
  return senders;
}
