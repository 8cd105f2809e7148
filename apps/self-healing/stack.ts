import { join } from "node:path";
import {
  BundledFunction,
  Consumer,
  Journal,
  logAccess,
  Monitoring,
  Recovery,
  RecoveryApi,
  ReliableQueue,
} from "@reliq/cdk";
import { type App, CfnOutput, Duration, RemovalPolicy, Stack, Validations } from "aws-cdk-lib";
import { HttpApi, HttpMethod } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import { CfnDashboard, Metric } from "aws-cdk-lib/aws-cloudwatch";
import { DASHBOARD } from "./dashboard.ts";
import { NAMES } from "./names.ts";

/** Defines the system in one stack. `-c alertEmail=ops@example.com` tells somebody, `-c logLevel=warn` logs less. */
export function defineSelfHealing(app: App): Stack {
  const account = process.env["CDK_DEFAULT_ACCOUNT"];
  const stack = new Stack(app, NAMES.stack, { env: { region: NAMES.region, ...(account && { account }) } });
  const orders = new ReliableQueue(stack, "Orders", {
    queueName: NAMES.queue,
    deadLetterQueueName: NAMES.deadLetterQueue,
    maxReceiveCount: 2,
    visibilityTimeout: Duration.seconds(30),
  });
  const journal = new Journal(stack, "Journal", { removalPolicy: RemovalPolicy.DESTROY });
  const LOG_LEVEL = String(app.node.tryGetContext("logLevel") ?? "info");
  defineApi(stack, orders);
  new Consumer(stack, "Consumer", {
    entry: join(import.meta.dirname, "handlers/consumer.ts"),
    functionName: NAMES.consumer,
    tracing: "active",
    queue: orders,
    journal,
    failFast: true,
    // A process that crashes takes its whole batch with it: here it is a batch of one.
    batchSize: 1,
    maximumConcurrency: 4,
    timeout: Duration.seconds(5),
    memorySizeMb: 256,
    environment: { LOG_LEVEL, DLQ_URL: orders.deadLetterQueue.queueUrl },
  });
  const recovery = defineHealer(stack, journal, { LOG_LEVEL, MAIN_QUEUE_URL: orders.queue.queueUrl });
  recovery.attach(orders);
  defineRecoveryApi(stack, recovery);
  defineMonitoring(stack);
  new CfnDashboard(stack, "Dashboard", { dashboardName: NAMES.stack, dashboardBody: DASHBOARD });
  output(stack, "MainQueueUrl", orders.queue.queueUrl, "URL of the queue of orders.");
  output(stack, "DeadLetterQueueUrl", orders.deadLetterQueue.queueUrl, "URL of its dead-letter queue.");
  return stack;
}

function defineApi(stack: Stack, orders: ReliableQueue): void {
  const { function: producer } = new BundledFunction(stack, "Producer", {
    entry: join(import.meta.dirname, "handlers/producer.ts"),
    functionName: NAMES.producer,
    tracing: "active",
    timeout: Duration.seconds(20),
    environment: { MAIN_QUEUE_URL: orders.queue.queueUrl },
  });
  orders.grantSend(producer);
  const api = new HttpApi(stack, "Api", { apiName: NAMES.stack });
  const integration = new HttpLambdaIntegration("Producer", producer);
  logAccess(api.defaultStage);
  const reason =
    "Anybody may send an order here: the system shows what becomes of bad ones. Behind it nothing can be read.";
  for (const route of api.addRoutes({ path: "/orders", methods: [HttpMethod.POST], integration })) {
    Validations.of(route).acknowledge({ id: "AwsSolutions-APIG4", reason });
  }
  output(stack, "ApiUrl", api.apiEndpoint, "POST /orders here.");
  output(stack, "OrderProducer", producer.functionName, "Name of the function that sends orders.");
}

function defineHealer(stack: Stack, journal: Journal, environment: Record<string, string>): Recovery {
  const alertEmail = stack.node.tryGetContext("alertEmail");
  const recovery = new Recovery(stack, "Recovery", {
    entry: join(import.meta.dirname, "handlers/healer.ts"),
    functionName: NAMES.healer,
    tracing: "active",
    tableName: NAMES.failedTable,
    metricNamespace: NAMES.metrics,
    // The system's own has its names and colours.
    dashboard: false,
    journal,
    environment,
    ...(alertEmail !== undefined && { alertEmail }),
  });
  output(stack, "FailedTable", recovery.table.tableName, "Name of the table of failed messages.");
  output(stack, "ArchiveBucket", recovery.archive.bucketName, "Name of the archive's bucket.");
  output(stack, "AlertTopicArn", recovery.alertTopic.topicArn, "Where people are told.");
  return recovery;
}

/** Where the console and `reliq` act on what failed: whoever IAM lets may call it. */
function defineRecoveryApi(stack: Stack, recovery: Recovery): void {
  new RecoveryApi(stack, "RecoveryApi", {
    recovery,
    entry: join(import.meta.dirname, "handlers/recovery-api.ts"),
    apiName: NAMES.recoveryApi,
  });
}

/** Defines the alarms, the metrics of logs and the saved queries; the dashboard has names and colours of its own. */
function defineMonitoring(stack: Stack): void {
  const monitoring = new Monitoring(stack, "Monitoring", { dashboard: false });
  monitoring.addAlarm("ConsumerErrorRate", {
    metric: new Metric({
      namespace: NAMES.metrics,
      metricName: "Consumer_Error_Rate",
      period: Duration.minutes(5),
      statistic: "Average",
    }),
    above: 5,
    severity: "warning",
    why: "More than 5 % of the attempts on orders fail.",
    runbook: "failure-rate",
  });
}

function output(stack: Stack, name: string, value: string, description: string): void {
  new CfnOutput(stack, name, { value, description });
}
