import { SetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { withApp } from "./app.ts";
import { reliq } from "./command.ts";
import { readFindings } from "./findings.ts";

/** A deployment with the classic mistakes in it, each of them one that CloudFormation takes. */
const APP = `
import { App, aws_cloudwatch as cloudwatch, aws_events as events, aws_lambda as lambda, aws_sns as sns, aws_sqs as sqs, Duration, Stack } from "aws-cdk-lib";
import { BundledFunction } from "@reliq/cdk";
import { join } from "node:path";

const app = new App({ builtinCloudFormationValidation: false });
const stack = new Stack(app, "wrong");
let mappings = 0;
const handler = (id, seconds, more = {}) => new BundledFunction(stack, id, {
  entry: join(import.meta.dirname, "handler.ts"), functionName: id, timeout: Duration.seconds(seconds), ...more,
}).function;
const queue = (queueName, more = {}) => new sqs.CfnQueue(stack, queueName, { queueName, visibilityTimeout: 60, ...more });
const dead = (source, more = {}) => queue(source + "-dlq", more).attrArn;
const consume = (source, target, more = {}) => new lambda.CfnEventSourceMapping(stack, "mapping" + ++mappings, {
  eventSourceArn: source.attrArn, functionName: target.functionArn, functionResponseTypes: ["ReportBatchItemFailures"], ...more,
});
const alarm = (id, QueueName, metricName) => new cloudwatch.CfnAlarm(stack, id, {
  alarmName: id, namespace: "AWS/SQS", metricName, dimensions: [{ name: "QueueName", value: QueueName }],
  comparisonOperator: "GreaterThanThreshold", threshold: 0, evaluationPeriods: 1, period: 60, statistic: "Sum",
});

const worker = handler("worker", 20);
const orders = queue("orders", { redrivePolicy: { deadLetterTargetArn: dead("orders", { messageRetentionPeriod: 345600 }), maxReceiveCount: 5 } });
consume(orders, worker, { functionResponseTypes: [] });
consume(orders, handler("thief", 5));
alarm("sent-alarm", "orders-dlq", "NumberOfMessagesSent");

const payments = queue("payments", { redrivePolicy: { deadLetterTargetArn: dead("payments", { messageRetentionPeriod: 1209600, kmsMasterKeyId: "alias/own" }), maxReceiveCount: 2 } });
consume(payments, handler("payer", 5, { reservedConcurrency: 1 }));
alarm("payments-alarm", "payments-dlq", "ApproximateNumberOfMessagesVisible");

const alone = queue("alone");
consume(alone, handler("loner", 30), { enabled: false });
queue("short", { messageRetentionPeriod: 120, redrivePolicy: { deadLetterTargetArn: dead("short"), maxReceiveCount: 3 }, receiveMessageWaitTimeSeconds: 20 });
alarm("short-alarm", "short-dlq", "ApproximateNumberOfMessagesVisible");

const locked = queue("locked", { kmsMasterKeyId: "alias/aws/sqs", receiveMessageWaitTimeSeconds: 20 });
const topic = new sns.CfnTopic(stack, "topic", { topicName: "news" });
new sns.CfnSubscription(stack, "subscription", { protocol: "sqs", topicArn: topic.ref, endpoint: locked.attrArn });
const polled = queue("polled");
new events.CfnRule(stack, "rule", { name: "told", eventPattern: { source: ["x"] }, targets: [{ id: "polled", arn: polled.attrArn }] });
app.synth();`;

const HANDLER = `export const handler = async () => ({ batchItemFailures: [] });`;

test("doctor finds each mistake of a deployment, and those that were made since", async () => {
  await withApp({ "app.ts": APP, "handler.ts": HANDLER }, async ({ endpoint, sqs, url }) => {
    expect(await readFindings(endpoint)).toEqual({
      code: 1,
      found: [
        "error alarm-on-wrong-metric sent-alarm",
        "error dead-letter-retention orders-dlq",
        "error encryption-shuts-out locked",
        "error no-dead-letter-queue alone",
        "error retention-below-receives short",
        "error sender-not-allowed locked",
        "error sender-not-allowed polled",
        "error two-consumers orders",
        "error whole-batch-fails orders",
        "warning encryption-mismatch payments-dlq",
        "warning mapping-at-rest alone",
        "warning no-alarm orders-dlq",
        "warning receives-under-throttling payments",
        "warning short-polling polled",
        "warning visibility-below-six-timeouts alone",
        "warning visibility-below-six-timeouts orders",
      ],
    });
    const Attributes = { VisibilityTimeout: "5" };
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl: url("orders"), Attributes }));
    expect((await readFindings(endpoint)).found).toContain("error visibility-below-timeout orders");
    const { output } = await reliq("doctor", "--queue", "orders", "--endpoint", endpoint);
    expect(output).toContain("Fix: visibilityTimeout: Duration.seconds(120) of the queue");
    expect(output).not.toContain("polled");
  });
}, 300_000);
