import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, Validations } from "aws-cdk-lib";
import { Annotations, Match, Template } from "aws-cdk-lib/assertions";
import { AwsSolutionsChecks } from "cdk-nag";
import { afterAll, expect, test } from "vitest";
import { defineOrderProcessing } from "../stack.ts";

const outdir = mkdtempSync(join(tmpdir(), "order-processing-"));
afterAll(() => rmSync(outdir, { recursive: true }));

const { context } = JSON.parse(readFileSync(join(import.meta.dirname, "../cdk.json"), "utf8")) as {
  readonly context: Record<string, unknown>;
};

/** Defines the system without building its bundles: the journey test runs those. */
function define(changes: Record<string, unknown> = {}, builtinCloudFormationValidation = false) {
  const app = new App({
    builtinCloudFormationValidation,
    outdir: mkdtempSync(join(outdir, "cdk.out-")),
    context: { ...context, "aws:cdk:bundling-stacks": [], ...changes },
  });
  return { app, stack: defineOrderProcessing(app) };
}

const { stack } = define();
const template = Template.fromStack(stack);

const DAY = 86_400;
const ROWS = [
  ["orders", { VisibilityTimeout: 300, MessageRetentionPeriod: 14 * DAY, ReceiveMessageWaitTimeSeconds: 20 }, 3],
  [
    "priority-orders",
    {
      FifoQueue: true,
      VisibilityTimeout: 120,
      ContentBasedDeduplication: true,
      DeduplicationScope: "messageGroup",
      FifoThroughputLimit: "perMessageGroupId",
    },
    3,
  ],
  ["large-orders", { VisibilityTimeout: 300, ReceiveMessageWaitTimeSeconds: 20 }, 3],
  ["payments", { VisibilityTimeout: 600, ReceiveMessageWaitTimeSeconds: 20 }, 5],
  ["inventory", { FifoQueue: true, VisibilityTimeout: 180 }, 3],
  ["shipping", { VisibilityTimeout: 180 }, 3],
  ["notifications", { VisibilityTimeout: 60 }, 2],
] as const;

test.each(ROWS)(
  "the queue of %s is as it is described, and its dead-letter queue keeps messages for 14 days",
  (name, properties, maxReceiveCount) => {
    const end = "FifoQueue" in properties ? ".fifo" : "";
    template.hasResourceProperties("AWS::SQS::Queue", {
      ...properties,
      QueueName: `order-processing-${name}${end}`,
      RedrivePolicy: { maxReceiveCount, deadLetterTargetArn: Match.anyValue() },
    });
    template.hasResourceProperties("AWS::SQS::Queue", {
      QueueName: `order-processing-${name}-dlq${end}`,
      MessageRetentionPeriod: 14 * DAY,
    });
  },
);

const HOOK = "https://hooks.example.com/orders";
const hooked = Template.fromStack(define({ statusWebhook: HOOK }).stack);
const CRITICAL = { severity: ["critical"] };
const queueOf = (id: string) => ({ "Fn::GetAtt": [Match.stringLikeRegexp(`^${id}Queue`), "Arn"] });
const functionOf = (id: string) => ({ "Fn::GetAtt": [Match.stringLikeRegexp(`^${id}`), "Arn"] });

test.each([
  ["order_status", "sqs", queueOf("notifications"), { customer: ["told"] }],
  ["order_status", "sqs", queueOf("tracking"), undefined],
  ["order_status", "sms", "+15550100", CRITICAL],
  ["order_status", "https", HOOK, undefined],
  ["payment_notifications", "email", "desk@example.com", { status: ["compensating"] }],
  ["inventory_alerts", "email", "desk@example.com", undefined],
  ["inventory_alerts", "lambda", functionOf("Restock"), undefined],
  ["inventory_alerts", "sms", "+15550100", CRITICAL],
  ["system_health", "email", "devops@example.com", undefined],
])(
  "%s goes by %s to whom it is described, and what is not delivered to a queue",
  (topic, Protocol, Endpoint, filter) => {
    const id = topic.replaceAll("_", "");
    template.hasResourceProperties("AWS::SNS::Topic", { TopicName: `order-processing-${topic.replaceAll("_", "-")}` });
    hooked.hasResourceProperties("AWS::SNS::Subscription", {
      TopicArn: { Ref: Match.stringLikeRegexp(`^${id}`) },
      Protocol,
      Endpoint,
      FilterPolicy: filter ?? Match.absent(),
      RedrivePolicy: { deadLetterTargetArn: { "Fn::GetAtt": [Match.stringLikeRegexp(`^undelivered${id}`), "Arn"] } },
    });
  },
);

test("there are no other subscriptions but that of recovery's alerts, and an address is told again with a backoff", () => {
  template.resourceCountIs("AWS::SNS::Subscription", 9);
  hooked.hasResourceProperties("AWS::SNS::Subscription", {
    Protocol: "https",
    DeliveryPolicy: { healthyRetryPolicy: { numRetries: 8, minDelayTarget: 5, maxDelayTarget: 300 } },
  });
});

test("the eight consumers and recovery answer for parts of a batch", () => {
  template.resourcePropertiesCountIs(
    "AWS::Lambda::EventSourceMapping",
    { FunctionResponseTypes: ["ReportBatchItemFailures"], BatchSize: 10 },
    10,
  );
  template.hasResourceProperties("AWS::DynamoDB::Table", { TableName: "order-processing-failures" });
});

test.each(ROWS.map(([name]) => name))("%s is watched: how deep, how old, how fast, and how much fails", (name) => {
  for (const kind of ["backlog", "oldest-message", "processing-rate", "error-rate"]) {
    const AlarmName = `order-processing-${name}-${kind}`;
    template.hasResourceProperties("AWS::CloudWatch::Alarm", { AlarmName });
  }
});

test("the dashboard shows alarms first, then queues and functions, the shop and its services", () => {
  const [dashboard] = Object.values(template.findResources("AWS::CloudWatch::Dashboard"));
  const body = JSON.stringify(dashboard?.["Properties"].DashboardBody);
  for (const title of ["Alarms", "Messages in queues", "The shop, this hour", "Attempts that fail, %"]) {
    expect(body).toContain(title);
  }
});

const REPLICA_STREAM = "arn:aws:dynamodb:eu-west-1:000000000000:table/order-processing-orders/stream/2026";
const first = Template.fromStack(define({ secondRegion: "eu-west-1" }).stack);
const second = Template.fromStack(
  define({
    region: "eu-west-1",
    firstRegion: "us-east-1",
    replicated: {
      fieldKey: "arn:aws:kms:us-east-1:000000000000:key/mrk-00000000000000000000000000000000",
      streams: { orders: REPLICA_STREAM, reservations: REPLICA_STREAM, stock: REPLICA_STREAM },
    },
  }).stack,
);
const REPLICATED = ["orders", "payments", "stock", "reservations", "shipments", "failures", "intake", "regions"];

test("where there is a second region, what says how orders stand has a replica there, and what is to be sent has not", () => {
  template.resourceCountIs("AWS::DynamoDB::GlobalTable", 0);
  second.resourceCountIs("AWS::DynamoDB::GlobalTable", 0);
  first.resourceCountIs("AWS::DynamoDB::GlobalTable", REPLICATED.length);
  for (const name of REPLICATED) {
    first.hasResourceProperties("AWS::DynamoDB::GlobalTable", {
      TableName: `order-processing-${name}`,
      Replicas: Match.arrayWith([Match.objectLike({ Region: "eu-west-1" })]),
    });
  }
  for (const each of [first, second]) {
    each.hasResourceProperties("AWS::DynamoDB::Table", { TableName: "order-processing-outbox-payments" });
  }
});

/** The properties of the functions that ask which of two regions is active. */
const functionsThatAsk = (of: Template) =>
  Object.values(of.findResources("AWS::Lambda::Function"))
    .map(({ Properties }) => Properties)
    .filter(({ Environment }) => Environment?.Variables?.OTHER_REGION !== undefined);

test("in both regions the same functions ask who is active, and none works longer on a batch than a takeover waits", () => {
  const asking = (of: Template): readonly string[] =>
    functionsThatAsk(of)
      .map(({ FunctionName }) => FunctionName)
      .sort();
  const names = ["announce", "api", "expired", "failover", "inventory", "large-orders", "orders", "payments"];
  const others = ["priority-orders", "recovery", "shipping", "trends"];
  expect(asking(first)).toEqual([...names, ...others].map((name) => `order-processing-${name}`));
  expect(asking(second)).toEqual(asking(first));
  expect(asking(template)).toEqual([]);
  for (const name of ["orders", "payments", "inventory", "shipping", "recovery"]) {
    first.hasResourceProperties("AWS::Lambda::Function", { FunctionName: `order-processing-${name}`, Timeout: 20 });
  }
});

test("whoever asks who is active may ask the other region, too, and knows whether to go on without its answer", () => {
  const one = Template.fromStack(define({ secondRegion: "eu-west-1", acknowledge: "one" }).stack);
  const policies = Object.values(one.findResources("AWS::IAM::Policy"));
  const asking = functionsThatAsk(one);
  expect(asking.length).toBeGreaterThan(0);
  for (const { FunctionName, Environment, Role } of asking) {
    expect(Environment.Variables.ACKNOWLEDGE, FunctionName).toBe("one");
    const [role] = Role["Fn::GetAtt"];
    const allowed = policies
      .filter((policy) => policy["Properties"].Roles.some(({ Ref }: { readonly Ref: string }) => Ref === role))
      .flatMap((policy) => policy["Properties"].PolicyDocument.Statement)
      .filter(({ Action }) => [Action].flat().includes("dynamodb:GetItem"));
    expect(JSON.stringify(allowed), FunctionName).toContain(
      ':dynamodb:eu-west-1:",{"Ref":"AWS::AccountId"},":table/",{"Ref":"regionstable',
    );
  }
});

test("what one region has sealed the other opens, and its streams are those of the replicas", () => {
  first.hasResourceProperties("AWS::KMS::Key", { MultiRegion: true });
  second.resourceCountIs("AWS::KMS::Key", 0);
  second.hasResourceProperties("AWS::KMS::ReplicaKey", { PrimaryKeyArn: Match.stringLikeRegexp(":us-east-1:.*mrk-") });
  second.resourcePropertiesCountIs("AWS::Lambda::EventSourceMapping", { EventSourceArn: REPLICA_STREAM }, 3);
});

test("the shop's own tools hear in each region of each status, whichever works: each topic tells the other's queue, too", () => {
  const arnIn = (region: string, service: string, name: string): string =>
    `:${service}:${region}:.*:order-processing-${name}`;
  const across = Object.values(second.findResources("AWS::SNS::Subscription"))
    .map(({ Properties }) => JSON.stringify(Properties).replaceAll(/\{"Ref":"AWS::\w+"\}|"Fn::Join":|[[\]"{},]/g, ""))
    .filter((text) => text.includes("us-east-1"));
  expect(across).toHaveLength(2);
  const [toThere, toHere] = across.toSorted(
    (one, other) => Number(one.includes("Region:")) - Number(other.includes("Region:")),
  );
  expect(toThere).toMatch(new RegExp(`Endpoint:.*${arnIn("us-east-1", "sqs", "tracking")}`));
  expect(toHere).toMatch(new RegExp(`Region:us-east-1.*TopicArn:.*${arnIn("us-east-1", "sns", "order-status")}`));
  expect(toHere).toMatch(new RegExp(`deadLetterTargetArn:.*${arnIn("us-east-1", "sqs", "order-status-undelivered")}`));
  for (const [each, other] of [
    [first, "eu-west-1"],
    [second, "us-east-1"],
  ] as const) {
    const policies = JSON.stringify(each.findResources("AWS::SQS::QueuePolicy"));
    expect(policies).toMatch(new RegExp(`${other}.{0,60}order-processing-order-status"`));
  }
  expect(JSON.stringify(template.findResources("AWS::SQS::QueuePolicy"))).not.toContain("eu-west-1");
});

test("a second region without what the first has made, or a stack that is to be both, is refused", () => {
  expect(() => define({ firstRegion: "us-east-1" })).toThrow("`firstRegion` and `replicated` go together");
  expect(() => define({ firstRegion: "us-east-1", secondRegion: "eu-west-1" })).toThrow("give one of them");
  expect(() => define({ secondRegion: "Ireland" })).toThrow("it takes a region's name, eu-west-1");
});

test("a configuration that lacks something is refused, and named", () => {
  expect(() => define({ gatewayUrl: "ftp://gateway", sender: "nobody" })).toThrow(
    '`sender` is "nobody"; it takes an e-mail address; `gatewayUrl` is "ftp://gateway"; it takes an address',
  );
});

test.each([
  ["of one region passes the CDK's check against CloudFormation's schemas and", {}, true],
  ["of the first of two passes", { secondRegion: "eu-west-1" }, false],
])(
  "its template %s the AwsSolutions pack",
  (_, changes, builtinValidation) => {
    const { app, stack: checked } = define(changes, builtinValidation);
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    expect(() => app.synth()).not.toThrow();
    Annotations.fromStack(checked).hasNoError("*", Match.anyValue());
  },
  600_000,
);
