import { existsSync } from "node:fs";
import { join } from "node:path";
import { EVENT_CODES } from "@reliq/core/recovery";
import { Duration, Stack } from "aws-cdk-lib";
import { Match, Template } from "aws-cdk-lib/assertions";
import { HttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import { Metric } from "aws-cdk-lib/aws-cloudwatch";
import { AttributeType, StreamViewType, Table } from "aws-cdk-lib/aws-dynamodb";
import { Code, Function as LambdaFunction, Runtime } from "aws-cdk-lib/aws-lambda";
import { Topic } from "aws-cdk-lib/aws-sns";
import { describe, expect, test } from "vitest";
import { testStack } from "../../test/definition.ts";
import { BundledFunction } from "../bundled-function.ts";
import { Consumer } from "../consumer.ts";
import { Journal } from "../journal.ts";
import { Outbox } from "../outbox.ts";
import { Recovery } from "../recovery.ts";
import { ReliableQueue } from "../reliable-queue.ts";
import { Monitoring } from "./monitoring.ts";
import type { MonitoringProps } from "./props.ts";

const entry = import.meta.filename;

/** A stack with one of everything that is watched. */
function everything(): Stack {
  const stack = testStack();
  const journal = new Journal(stack, "Journal");
  const orders = new ReliableQueue(stack, "Orders");
  new Consumer(stack, "Shop", { entry, queue: orders, journal });
  new Recovery(stack, "Recovery", { journal, dashboard: false }).attach(orders);
  const partitionKey = { name: "pk", type: AttributeType.STRING };
  const table = new Table(stack, "Table", { partitionKey, stream: StreamViewType.NEW_IMAGE });
  new Outbox(stack, "Outbox", { entry, table, queue: orders });
  new BundledFunction(stack, "Producer", { entry, timeout: Duration.seconds(10) });
  new HttpApi(stack, "Api");
  return stack;
}

function watch(
  props: MonitoringProps = {},
  stack: Stack = everything(),
): { template: Template; monitoring: Monitoring } {
  const monitoring = new Monitoring(stack, "Monitoring", { name: "shop", ...props });
  return { template: Template.fromStack(stack), monitoring };
}

interface DefinedAlarm {
  readonly AlarmName?: string;
  readonly AlarmDescription: string;
  readonly AlarmActions: readonly unknown[];
  readonly MetricName?: string;
  readonly Threshold: number;
}

function alarmsOf(template: Template): readonly DefinedAlarm[] {
  return Object.values(template.findResources("AWS::CloudWatch::Alarm")).map(({ Properties }) => Properties);
}

describe("Monitoring", () => {
  test("derives alarms from what exists, and each tells one topic, says how urgent it is, and links to a runbook that is there", () => {
    const alarms = alarmsOf(watch().template);
    const names = alarms.flatMap(({ AlarmName }) => AlarmName ?? []).sort();
    expect(names).toEqual([
      "shop-account-unbalanced",
      "shop-api-latency",
      "shop-api-server-errors",
      "shop-orders-backlog",
      "shop-orders-oldest-message",
      ...["duration", "errors", "record-age", "throttles"].map((kind) => `shop-outbox-${kind}`),
      ...["duration", "errors", "throttles"].map((kind) => `shop-producer-${kind}`),
      ...["duration", "throttles"].map((kind) => `shop-recovery-${kind}`),
      ...["duration", "errors", "throttles"].map((kind) => `shop-shop-${kind}`),
      "shop-stores-unavailable",
    ]);
    for (const { AlarmDescription, AlarmActions } of alarms) {
      expect(AlarmActions, AlarmDescription).toHaveLength(1);
      const [, runbook = ""] =
        /^(?:Critical|Warning): .+\. Runbook: (docs\/runbooks\/[a-z-]+\.md)$/.exec(AlarmDescription) ?? [];
      expect(existsSync(join(import.meta.dirname, "../../../..", runbook)), AlarmDescription).toBe(true);
    }
  });

  test("watches held failures and dead letters together where a Recovery drains the queue, and their depth where none does", () => {
    const critical = (template: Template): readonly (string | undefined)[] =>
      alarmsOf(template)
        .filter(({ AlarmDescription }) => AlarmDescription.includes("dead-letter-queue.md"))
        .map(({ MetricName }) => MetricName);
    expect(critical(watch().template)).toEqual(["DLQ_Messages_Visible"]);
    const stack = testStack();
    new ReliableQueue(stack, "Orders");
    const { template } = watch({ deadLettersAbove: 3, alarmEmail: "ops@example.com" }, stack);
    expect(critical(template)).toEqual(["ApproximateNumberOfMessagesVisible"]);
    expect(alarmsOf(template).find(({ AlarmName }) => AlarmName === undefined)).toMatchObject({
      Threshold: 3,
      AlarmActions: [{ Ref: expect.stringContaining("MonitoringAlarms") }],
    });
    template.hasResourceProperties("AWS::SNS::Subscription", { Protocol: "email", Endpoint: "ops@example.com" });
  });

  test("tells the topic that is given, and one of its own with the context's address where there is none", () => {
    const stack = everything();
    const given = watch({ topic: new Topic(stack, "Ops") }, stack).template;
    const own = alarmsOf(given).filter(({ AlarmName }) => AlarmName !== undefined);
    for (const { AlarmActions } of own) expect(AlarmActions).toEqual([{ Ref: expect.stringContaining("Ops") }]);
    const alone = testStack();
    alone.node.setContext("alarmEmail", "context@example.com");
    new ReliableQueue(alone, "Orders");
    watch({}, alone).template.hasResourceProperties("AWS::SNS::Subscription", { Endpoint: "context@example.com" });
  });

  test("rings above what its props say, and links to runbooks where they are", () => {
    const { template } = watch({
      backlogAbove: 7,
      oldestAbove: Duration.minutes(2),
      durationAbovePercent: 50,
      latencyAboveMs: 250,
      runbooks: "https://wiki.example/runbooks/",
    });
    const thresholds = Object.fromEntries(alarmsOf(template).map((each) => [each.AlarmName, each.Threshold]));
    expect(thresholds).toMatchObject({
      "shop-orders-backlog": 7,
      "shop-orders-oldest-message": 120,
      "shop-producer-duration": 5_000,
      "shop-api-latency": 250,
    });
    for (const { AlarmDescription } of alarmsOf(template)) {
      expect(AlarmDescription).toContain("Runbook: https://wiki.example/runbooks/");
    }
  });

  test("reads metrics off the logs of each function, and saves queries over them", () => {
    const { template } = watch();
    const filters = Object.values(template.findResources("AWS::Logs::MetricFilter")).map(
      ({ Properties }) => Properties.MetricTransformations[0].MetricName as string,
    );
    const counted = (name: string): number => filters.filter((each) => each === name).length;
    expect(["Events", "Unavailable", "Processed", "IdempotencyHits", "Unbalanced"].map(counted)).toEqual([
      4, 4, 1, 1, 1,
    ]);
    template.hasResourceProperties("AWS::Logs::MetricFilter", {
      FilterPattern: '{ $.event = "*" }',
      MetricTransformations: [
        {
          MetricNamespace: "Reliq/shop",
          MetricName: "Events",
          MetricValue: "1",
          Dimensions: [{ Key: "Event", Value: "$.event" }],
        },
      ],
    });
    for (const name of ["errors", "performance", "idempotency", "failure-modes"]) {
      template.hasResourceProperties("AWS::Logs::QueryDefinition", {
        Name: `shop/${name}`,
        LogGroupNames: Match.arrayWith([{ Ref: Match.stringLikeRegexp("^ProducerLog") }]),
      });
    }
  });

  test("shows a dashboard of it all, or none", () => {
    const { template } = watch({ dashboardName: "Shop" });
    const [{ Properties } = expect.fail()] = Object.values(template.findResources("AWS::CloudWatch::Dashboard"));
    expect(Properties.DashboardName).toBe("Shop");
    const body = JSON.stringify(Properties.DashboardBody);
    for (const title of ["Alarms", "Messages in queues", "Messages", "Invocations", "API requests", "Sent again"]) {
      expect(body).toContain(`\\"title\\":\\"${title}\\"`);
    }
    watch({ dashboard: false }).template.resourceCountIs("AWS::CloudWatch::Dashboard", 0);
  });

  test("counts events by codes that there are", () => {
    const text = JSON.stringify(watch().template.toJSON());
    const shown = [...text.matchAll(/\\"Event\\",\\"([a-z-]+)\\"/g)].map(([, code = ""]) => code);
    expect(shown.length).toBeGreaterThan(3);
    expect(Object.keys(EVENT_CODES)).toEqual(expect.arrayContaining([...shown, "account-unbalanced"]));
    const levels = Object.entries(EVENT_CODES).filter(([code]) => code.endsWith("-unavailable"));
    expect(levels.filter(([, { level }]) => level === "error").length).toBeGreaterThan(3);
  });

  test("watches other stacks, and takes an alarm of yours", () => {
    const watched = everything();
    const stack = new Stack(Stack.of(watched).node.root as never, "Watching");
    const topic = new Topic(watched, "Ops");
    const monitoring = new Monitoring(stack, "Monitoring", { name: "shop", scopes: [watched], topic });
    const metric = new Metric({ namespace: "Shop", metricName: "Refunds", period: Duration.minutes(5) });
    monitoring.addAlarm("ManyRefunds", { metric, above: 9, severity: "warning", why: "Many.", runbook: "cost" });
    Template.fromStack(stack).hasResourceProperties("AWS::CloudWatch::Alarm", {
      AlarmName: "shop-many-refunds",
      AlarmDescription: "Warning: Many. Runbook: docs/runbooks/cost.md",
      Threshold: 9,
    });
    expect(monitoring.alarms.length).toBeGreaterThan(15);
  });

  test("puts no filter on the log group that Lambda makes with a function's first line", () => {
    const stack = testStack();
    const code = Code.fromInline("exports.handler = () => {}");
    new LambdaFunction(stack, "Plain", { runtime: Runtime.NODEJS_24_X, handler: "index.handler", code });
    const { template } = watch({}, stack);
    template.resourceCountIs("AWS::Logs::MetricFilter", 0);
    template.resourceCountIs("AWS::Logs::QueryDefinition", 0);
    template.hasResourceProperties("AWS::CloudWatch::Alarm", { AlarmName: "shop-plain-errors" });
  });

  test.each([
    [{ backlogAbove: -1 }, /Monitoring Test\/Monitoring: prop `backlogAbove` is -1; it takes a whole number from 0/],
    [{ durationAbovePercent: 101 }, /`durationAbovePercent` is 101; it takes a whole number from 1 to 100/],
    [{ alarmEmail: "nobody" }, /`alarmEmail` is "nobody"; it takes an e-mail address/],
    [
      { runbooks: "https://wiki.example" },
      /`runbooks` is "https:\/\/wiki\.example"; it takes an address that ends in \//,
    ],
    [{ scopes: [] }, /`scopes` is a list; it takes a list of stacks/],
    [{ treshold: 1 }, /`treshold` is 1; there is no such prop/],
  ])("refuses %j", (props, message) => {
    expect(() => watch(props as MonitoringProps, testStack())).toThrow(message);
  });
});
