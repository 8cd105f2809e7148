import { Match, Template } from "aws-cdk-lib/assertions";
import { expect, test } from "vitest";
import { allowed, testStack } from "../test/definition.ts";
import { Consumer } from "./consumer.ts";
import { Journal } from "./journal.ts";
import { ReliableQueue } from "./reliable-queue.ts";
import { Remediation, type RemedyOf } from "./remediation.ts";

function parts() {
  const stack = testStack();
  const journal = new Journal(stack, "Journal");
  const queue = new ReliableQueue(stack, "Orders");
  const consumer = new Consumer(stack, "Worker", {
    entry: import.meta.filename,
    queue,
    journal,
    maximumConcurrency: 5,
  });
  const remedies: readonly RemedyOf[] = [
    { name: "more", kind: "scale-concurrency", consumer, backlogAbove: 100, most: 50 },
    { name: "pause", kind: "pause-intake", consumer, breaker: "gateway", mostSeconds: 900 },
    { name: "wider", kind: "widen-throttle", function: consumer.function, throttlesAbove: 3, most: 40 },
  ];
  return { stack, journal, remedies };
}

test("it looks every minute, may change what its remedies name and nothing else, and is off", () => {
  const { stack, journal, remedies } = parts();
  new Remediation(stack, "Remediation", { remedies, journal });
  const template = Template.fromStack(stack);
  template.hasResourceProperties("AWS::Events::Rule", { ScheduleExpression: "rate(1 minute)" });
  template.hasResourceProperties("AWS::Lambda::Function", {
    Environment: { Variables: Match.objectLike({ RELIQ_REMEDIES_ENABLED: "false" }) },
  });
  const statements = allowed(stack);
  expect(statements.filter(({ resource }) => resource === "*")).toEqual([
    { actions: "cloudwatch:GetMetricData", resource: "*" },
  ]);
  expect(statements.flatMap(({ actions }) => actions)).toEqual(
    expect.arrayContaining(["lambda:UpdateEventSourceMapping", "lambda:PutFunctionConcurrency"]),
  );
});

test("what cannot work is refused where it is defined", () => {
  const { stack, remedies } = parts();
  const without = () => new Remediation(stack, "One", { remedies });
  expect(without).toThrow("prop `journal` is undefined; a remedy of kind pause-intake needs the Journal");
  expect(() => new Remediation(stack, "Two", { remedies: [] })).toThrow("it takes a list of remedies");
  const [first] = remedies as [RemedyOf];
  const wrong = { ...first, most: 1 } as RemedyOf;
  expect(() => new Remediation(stack, "Three", { remedies: [wrong] })).toThrow("option `most` is 1");
});
