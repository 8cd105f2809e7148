import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Policy } from "@reliq/core/recovery";
import { Duration, RemovalPolicy, type Stack } from "aws-cdk-lib";
import { Match, Template } from "aws-cdk-lib/assertions";
import { Key } from "aws-cdk-lib/aws-kms";
import { Queue } from "aws-cdk-lib/aws-sqs";
import { describe, expect, test } from "vitest";
import { allowed, testStack } from "../test/definition.ts";
import { Journal } from "./journal.ts";
import { Recovery } from "./recovery.ts";
import type { RecoveryProps } from "./recovery-props.ts";
import { ReliableQueue } from "./reliable-queue.ts";

interface Defined {
  readonly stack: Stack;
  readonly recovery: Recovery;
  readonly orders: ReliableQueue;
}

function define(props: Partial<RecoveryProps> = {}, region?: string): Defined {
  const stack = testStack(region === undefined ? {} : { region });
  const journal = new Journal(stack, "Journal");
  const recovery = new Recovery(stack, "Recovery", { journal, ...props });
  const orders = new ReliableQueue(stack, "Orders", { maxReceiveCount: 3, visibilityTimeout: Duration.seconds(20) });
  recovery.attach(orders);
  return { stack, recovery, orders };
}

const arnOf = (name: string, of = "Arn"): unknown => ({ "Fn::GetAtt": [expect.stringContaining(name), of] });

describe("Recovery", () => {
  test("captures dead letters and takes reminders in batches with partial responses, a few at once", () => {
    const template = Template.fromStack(define().stack);
    for (const source of ["OrdersDeadLetters", "RecoveryWakeUpQueue"]) {
      template.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
        EventSourceArn: { "Fn::GetAtt": [Match.stringLikeRegexp(source), "Arn"] },
        BatchSize: 50,
        MaximumBatchingWindowInSeconds: 1,
        FunctionResponseTypes: ["ReportBatchItemFailures"],
        ScalingConfig: { MaximumConcurrency: 5 },
      });
    }
    // Reminders go from the function to itself, which Lambda would end after 16 rounds.
    template.hasResourceProperties("AWS::Lambda::Function", { RecursiveLoop: "Allow" });
    template.hasResourceProperties("AWS::Events::Rule", {
      ScheduleExpression: "rate(5 minutes)",
      Targets: [Match.objectLike({ Input: '{"reliq":"sweep"}' })],
    });
  });

  test("the failure store has a replica in another region, whose Recovery works on that one", () => {
    const first = Template.fromStack(define({ tableName: "failures", replicaRegion: "eu-west-1" }, "us-east-1").stack);
    first.hasResourceProperties("AWS::DynamoDB::GlobalTable", {
      TableName: "failures",
      Replicas: Match.arrayWith([Match.objectLike({ Region: "eu-west-1" })]),
      GlobalSecondaryIndexes: Match.arrayWith([Match.objectLike({ IndexName: "by-due" })]),
      StreamSpecification: { StreamViewType: "NEW_AND_OLD_IMAGES" },
    });
    const { stack, recovery } = define({ tableName: "failures", isReplica: true });
    const second = Template.fromStack(stack);
    second.resourceCountIs("AWS::DynamoDB::GlobalTable", 0);
    expect(recovery.environment["FAILED_TABLE"]).toBe("failures");
    expect(() => define({ replicaRegion: "eu-west-1" })).toThrow("the name that the table has in both regions");
    expect(() => define({ tableName: "failures", replicaRegion: "Ireland" })).toThrow("such as eu-west-1");
    expect(() => define({ tableName: "failures", replicaRegion: "eu-west-1", isReplica: true })).toThrow("isReplica");
  });

  test("tells its functions what is personal, in names that fit their environment", () => {
    Template.fromStack(define({ personalFields: ["email", "phone"] }).stack).hasResourceProperties(
      "AWS::Lambda::Function",
      { Environment: { Variables: Match.objectLike({ RELIQ_PERSONAL_FIELDS: "email,phone" }) } },
    );
    const takes = "it takes a list of names without commas, at most 256 characters in all";
    for (const personalFields of [["a,b"], ["x".repeat(257)], [""]]) {
      expect(() => define({ personalFields })).toThrow(takes);
    }
  });

  test("keeps failures and archived messages when its stack goes, encrypted, restorable and closed to the public", () => {
    const template = Template.fromStack(define().stack);
    template.hasResource("AWS::DynamoDB::Table", {
      Properties: {
        GlobalSecondaryIndexes: Match.arrayWith([Match.objectLike({ IndexName: "by-due" })]),
        BillingMode: "PAY_PER_REQUEST",
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        TimeToLiveSpecification: { AttributeName: "expiresAt", Enabled: true },
      },
      DeletionPolicy: "Retain",
    });
    template.hasResource("AWS::S3::Bucket", {
      Properties: {
        LifecycleConfiguration: {
          Rules: Match.arrayWith([
            Match.objectLike({
              Prefix: "archive/",
              ExpirationInDays: 365,
              Transitions: [
                { StorageClass: "STANDARD_IA", TransitionInDays: 30 },
                { StorageClass: "GLACIER_IR", TransitionInDays: 90 },
              ],
            }),
          ]),
        },
        PublicAccessBlockConfiguration: Match.objectLike({ BlockPublicAcls: true }),
      },
      DeletionPolicy: "Retain",
    });
    template.hasResourceProperties("AWS::SQS::Queue", { MessageRetentionPeriod: 1_209_600, VisibilityTimeout: 60 });
  });

  test("takes failures, archived messages and the log of what empties the archive along, where it is asked to", () => {
    const template = Template.fromStack(define({ removalPolicy: RemovalPolicy.DESTROY }).stack);
    template.hasResource("AWS::S3::Bucket", { DeletionPolicy: "Delete" });
    template.resourceCountIs("Custom::S3AutoDeleteObjects", 1);
    template.hasResourceProperties("AWS::Lambda::Function", {
      Description: Match.objectLike({ "Fn::Join": Match.anyValue() }),
      LoggingConfig: { LogGroup: { Ref: Match.stringLikeRegexp("AutoDelete.*Log") } },
    });
    const logs = template.findResources("AWS::Logs::LogGroup", { DeletionPolicy: "Delete" });
    expect(Object.keys(logs)).toHaveLength(2);
  });

  test("tells its function of each queue that is attached, also of one that Reliq did not make", () => {
    const { stack, recovery } = define();
    const deadLetterQueue = new Queue(stack, "OldDead", { queueName: "old-dead" });
    const queue = new Queue(stack, "Old", {
      queueName: "old",
      deadLetterQueue: { queue: deadLetterQueue, maxReceiveCount: 4 },
    });
    recovery.attach({ queue, deadLetterQueue, maxReceiveCount: 4, visibilityTimeout: Duration.minutes(1) });
    const [handler] = Object.values(
      Template.fromStack(stack).findResources("AWS::Lambda::Function", {
        Properties: { Environment: { Variables: { FAILED_TABLE: Match.anyValue() } } },
      }),
    );
    const { RELIQ_RECOVERED_QUEUES, ...variables } = handler?.["Properties"]?.Environment.Variables ?? {};
    expect(JSON.stringify(RELIQ_RECOVERED_QUEUES)).toMatch(/,3,20\],\[.*,4,60\]\]/);
    expect(Object.keys(variables).sort()).toEqual([
      "ALERT_TOPIC_ARN",
      "ARCHIVE_BUCKET",
      "FAILED_TABLE",
      "RELIQ_JOURNAL_TABLE",
      "RELIQ_METRICS_NAMESPACE",
      "RELIQ_WAKE_UPS_URL",
    ]);
  });

  test("may do what recovering takes, on these resources, and nothing else", () => {
    const { stack } = define();
    const statements = allowed(stack);
    expect(statements).toEqual(
      expect.arrayContaining([
        { actions: ["dynamodb:BatchGetItem", "dynamodb:Query"], resource: arnOf("Journal") },
        {
          actions: ["dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:PutItem", "dynamodb:UpdateItem"],
          resource: arnOf("RecoveryFailures"),
        },
        { actions: "sns:Publish", resource: { Ref: expect.stringContaining("RecoveryAlerts") } },
        { actions: "sqs:SendMessage", resource: arnOf("OrdersQueue") },
        { actions: "sqs:GetQueueAttributes", resource: arnOf("OrdersQueue") },
        {
          actions: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
          resource: arnOf("OrdersDeadLetters"),
        },
      ]),
    );
    const wide = statements.filter(({ actions, resource }) => JSON.stringify([actions, resource]).includes("*"));
    expect(wide).toEqual([
      {
        actions: ["s3:GetObject", "s3:PutObject"],
        resource: ["/archive/*", "/bodies/*"].map((end) => ({ "Fn::Join": ["", [arnOf("RecoveryArchive"), end]] })),
      },
      { actions: "cloudwatch:GetMetricData", resource: "*" },
    ]);
  });

  test("rings on dead letters that stay, on held failures and on its own errors, not on depth", () => {
    const { stack } = define({ alertEmail: "ops@example.com", heldAlarmAbove: 20 });
    const template = Template.fromStack(stack);
    const alarms = Object.values(template.findResources("AWS::CloudWatch::Alarm")).map(
      ({ Properties: { MetricName, Threshold, AlarmActions } }) => [MetricName, Threshold, AlarmActions?.length],
    );
    expect(alarms.toSorted()).toEqual([
      ["ApproximateAgeOfOldestMessage", 300, 1],
      ["DLQ_Messages_Visible", 20, 1],
      ["Errors", 0, 1],
      ["Healing_Errors", 0, 1],
    ]);
    template.hasResourceProperties("AWS::SNS::Subscription", { Protocol: "email", Endpoint: "ops@example.com" });
  });

  test("shares one event source where queues share a dead-letter queue, and refuses to serve one twice", () => {
    const { stack, recovery, orders } = define();
    const queue = new Queue(stack, "Twin");
    const { deadLetterQueue } = orders;
    recovery.attach({ queue, deadLetterQueue, maxReceiveCount: 4, visibilityTimeout: Duration.minutes(1) });
    Template.fromStack(stack).resourceCountIs("AWS::Lambda::EventSourceMapping", 2);
    expect(() => recovery.attach(orders)).toThrow("it is attached already");
  });

  test("refuses a queue without a dead-letter queue, and a lifecycle that goes back in time", () => {
    const { stack, recovery } = define();
    const bare = { queue: new Queue(stack, "Bare"), maxReceiveCount: 1, visibilityTimeout: Duration.minutes(1) };
    expect(() => recovery.attach(bare)).toThrow("prop `queue` is an object; it takes a ReliableQueue");
    expect(() => define({ coldAfter: Duration.days(90) })).toThrow("it takes more than `coldAfter` (90 days)");
    expect(() => define({ alertEmail: "nobody" })).toThrow('prop `alertEmail` is "nobody"');
    expect(() => define({ entry: "nowhere.ts" })).toThrow('prop `entry` is "nowhere.ts"');
  });

  test("encrypts with a key of yours all that holds messages or tells of them, and may use it, as alarms may", () => {
    const stack = testStack();
    const encryptionKey = new Key(stack, "Key");
    const journal = new Journal(stack, "Journal");
    const recovery = new Recovery(stack, "Recovery", { journal, encryptionKey });
    recovery.attach(new ReliableQueue(stack, "Orders"));
    const template = Template.fromStack(stack);
    const key = { "Fn::GetAtt": [Match.stringLikeRegexp("^Key"), "Arn"] };
    template.hasResourceProperties("AWS::DynamoDB::Table", {
      SSESpecification: { KMSMasterKeyId: key, SSEEnabled: true, SSEType: "KMS" },
    });
    template.hasResourceProperties("AWS::S3::Bucket", {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          { ServerSideEncryptionByDefault: { KMSMasterKeyID: key, SSEAlgorithm: "aws:kms" }, BucketKeyEnabled: true },
        ],
      },
    });
    template.hasResourceProperties("AWS::SNS::Topic", { KmsMasterKeyId: key });
    template.hasResourceProperties("AWS::SQS::Queue", { KmsMasterKeyId: key, MessageRetentionPeriod: 1_209_600 });
    const actions = allowed(stack).flatMap((each) => (JSON.stringify(each).includes("Key") ? each.actions : []));
    expect(actions.flat()).toEqual(expect.arrayContaining(["kms:Decrypt", "kms:GenerateDataKey", "kms:Encrypt"]));
    template.hasResourceProperties("AWS::KMS::Key", {
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: Match.arrayWith(["kms:Decrypt", "kms:GenerateDataKey*"]),
            Principal: { Service: "cloudwatch.amazonaws.com" },
          }),
        ]),
      },
    });
  });

  test("shows in one dashboard what waits in each queue, what became of the rest, and its own health", () => {
    const { stack, recovery } = define();
    recovery.attach(new ReliableQueue(stack, "Stock"));
    const template = Template.fromStack(stack);
    const [dashboard] = Object.values(template.findResources("AWS::CloudWatch::Dashboard"));
    const body = JSON.stringify(dashboard?.["Properties"].DashboardBody);
    for (const metric of [
      "Held_Messages",
      "Captured_Count",
      "Auto_Healed_Count",
      "Archived_Count",
      "Alerts_Count",
      "Healing_Errors",
      "Redriven_Count",
      "Replayed_Count",
    ]) {
      expect(body).toContain(metric);
    }
    expect(body.match(/DLQ_Messages_Visible/g)).toHaveLength(2);
    expect(body.match(/ApproximateAgeOfOldestMessage/g)).toHaveLength(2);
    Template.fromStack(define({ dashboard: false }).stack).resourceCountIs("AWS::CloudWatch::Dashboard", 0);
  });

  test("serves as many queues as their names leave room for, and says before a deployment where they are too many", () => {
    const many = (count: number, named: boolean): Stack => {
      const { stack, recovery } = define();
      for (let number = 0; number < count; number++) {
        const name = `orders-of-region-${number}`;
        const names = named && { queueName: name, deadLetterQueueName: `${name}-dead` };
        recovery.attach(new ReliableQueue(stack, `Queue${number}`, names || {}));
      }
      return stack;
    };
    expect(() => Template.fromStack(many(16, false))).not.toThrow();
    expect(() => Template.fromStack(many(40, true))).not.toThrow();
    expect(() => Template.fromStack(many(60, false))).toThrow(/it serves 61 queues.*give queues shorter names/);
  });
});

describe("a Recovery's policy", () => {
  test("is data: it takes no code file, and without one each failure is held and a person told", () => {
    const policy = {
      rules: [{ name: "never valid", when: { category: "validation" as const }, then: ["archive" as const] }],
    };
    expect(define({ policy }).recovery.policy).toBe(policy);
    expect(define().recovery.policy).toEqual({ rules: [], otherwise: ["alert", "hold"] });
  });

  test("can be a JSON file", () => {
    const directory = mkdtempSync(join(tmpdir(), "reliq-policy-"));
    const file = join(directory, "policy.json");
    writeFileSync(file, '{"rules":[],"maxHeals":5}');
    expect(define({ policy: file }).recovery.policy).toEqual({ rules: [], maxHeals: 5 });
    writeFileSync(file, "{");
    expect(() => define({ policy: file })).toThrow("it is no JSON");
    rmSync(directory, { recursive: true });
    expect(() => define({ policy: file })).toThrow("the path of a JSON file");
  });

  test.each<[string, unknown, string]>([
    [
      "a category that is none",
      { rules: [{ name: "a", when: { category: "autth" }, then: ["hold"] }] },
      'prop `policy` is an object; it takes a policy: rules[0].when.category: it is "autth"; it takes one of auth',
    ],
    ["two ends", { rules: [{ name: "a", when: {}, then: ["hold", "heal"] }] }, "rules[0].then: it is"],
    [
      "an approval that is none",
      { rules: [], secondApproval: { redrivesAbove: -1 } },
      'secondApproval: it is {"redrivesAbove":-1}; it takes { redrivesAbove: 0 to 1000000',
    ],
    ["what is no policy", [], "policy: it takes a policy: { rules"],
    [
      "a repair without code",
      { rules: [{ name: "a", when: {}, then: ["repair"], repair: "mend" }] },
      "rules[0].repair: there is no repair mend; repairs are code",
    ],
  ])("is refused where it is defined, by its rule: %s", (_, policy, message) => {
    expect(() => define({ policy: policy as Policy })).toThrow(message);
  });

  test("may name repairs where a module of yours registers them", () => {
    const rule = { name: "a", when: {}, then: ["repair" as const], repair: "mend" };
    expect(() => define({ policy: { rules: [rule] }, entry: import.meta.filename })).not.toThrow();
  });
});
