import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { DeployedFunction, DeployedMapping, DeployedParts, DeployedQueue } from "./deployment.ts";
import { examine, RULES } from "./rules.ts";

const arnOf = (service: string, name: string): string => `arn:aws:${service}:eu-west-1:111122223333:${name}`;

/** A queue as it should be. */
function queue(name: string, changes: Partial<DeployedQueue> = {}): DeployedQueue {
  return {
    name,
    arn: arnOf("sqs", name),
    fifo: name.endsWith(".fifo"),
    visibilitySeconds: 60,
    retentionSeconds: 345_600,
    waitSeconds: 20,
    ...changes,
  };
}

const WORKER: DeployedFunction = {
  name: "worker",
  arn: arnOf("lambda", "function:worker"),
  timeoutSeconds: 10,
  variables: {},
};

const MAPPING: DeployedMapping = {
  id: "m-1",
  functionArn: WORKER.arn,
  queueArn: arnOf("sqs", "orders"),
  state: "Enabled",
  lastResult: "OK",
  batchSize: 10,
  windowSeconds: 0,
  reportsFailures: true,
  filters: [],
};

const depth = (name: string, metric = "ApproximateNumberOfMessagesVisible"): DeployedParts["alarms"][number] => ({
  name: `${name}-alarm`,
  metrics: [{ namespace: "AWS/SQS", name: metric, dimensions: { QueueName: name } }],
});

const TOPIC = arnOf("sns", "orders");
const RULE = arnOf("events", "rule/orders");

/** A policy that lets a service send, for a source. */
function lets(service: string, source: string): NonNullable<DeployedQueue["policy"]> {
  const Condition = { ArnLike: { "aws:SourceArn": source } };
  return { Statement: { Effect: "Allow", Principal: { Service: service }, Action: "sqs:SendMessage", Condition } };
}

/** A queue, its dead-letter queue and its function, without a mistake, with what a case changes. */
function deployed(
  changes: Partial<DeployedQueue> = {},
  more: Partial<DeployedParts> & {
    readonly dead?: Partial<DeployedQueue>;
    readonly worker?: Partial<DeployedFunction>;
    readonly mapping?: Partial<DeployedMapping>;
  } = {},
): DeployedParts {
  const { dead = {}, worker = {}, mapping = {}, ...parts } = more;
  const name = changes.name ?? "orders";
  return {
    queues: [
      queue(name, { deadLetterArn: arnOf("sqs", dead.name ?? "orders-dlq"), maxReceiveCount: 5, ...changes }),
      queue(dead.name ?? "orders-dlq", { retentionSeconds: 1_209_600, waitSeconds: 0, ...dead }),
    ],
    functions: [{ ...WORKER, ...worker }],
    mappings: [{ ...MAPPING, queueArn: arnOf("sqs", name), ...mapping }],
    alarms: [depth(dead.name ?? "orders-dlq")],
    senders: [],
    ...parts,
  };
}

/** Of each rule: deployments that it is about, and with which severity; then some that it lets pass. */
const CASES: Readonly<
  Record<string, { readonly wrong: readonly [string, DeployedParts][]; readonly right: readonly DeployedParts[] }>
> = {
  "visibility-below-timeout": {
    wrong: [["error", deployed({ visibilitySeconds: 9 })]],
    right: [deployed({ visibilitySeconds: 10 })],
  },
  "visibility-below-six-timeouts": {
    wrong: [
      ["warning", deployed({ visibilitySeconds: 59 })],
      ["warning", deployed({}, { mapping: { windowSeconds: 5 } })],
    ],
    // Recovery takes a letter twice without an effect.
    right: [deployed({ visibilitySeconds: 30 }, { worker: { variables: { RELIQ_RECOVERED_QUEUES: "[]" } } })],
  },
  "no-dead-letter-queue": {
    wrong: [["error", { ...deployed(), queues: [queue("orders")] }]],
    right: [
      { ...deployed({}, { mapping: { queueArn: arnOf("sqs", "orders-dlq") } }) },
      {
        ...deployed(
          {},
          { worker: { variables: { RELIQ_RECOVERED_QUEUES: "[]", RELIQ_WAKE_UPS_URL: "https://x/1/orders" } } },
        ),
        queues: [queue("orders")],
      },
    ],
  },
  "dead-letter-queue-missing": {
    wrong: [["error", deployed({ deadLetterArn: arnOf("sqs", "gone") })]],
    right: [],
  },
  "dead-letter-type-mismatch": {
    wrong: [
      ["error", deployed({ name: "orders.fifo" })],
      ["error", deployed({}, { dead: { name: "dead.fifo" } })],
    ],
    right: [deployed({ name: "orders.fifo" }, { dead: { name: "dead.fifo" } })],
  },
  "dead-letter-retention": {
    wrong: [
      ["error", deployed({}, { dead: { retentionSeconds: 345_600 } })],
      ["warning", deployed({ retentionSeconds: 1_209_600 })],
    ],
    // On FIFO the dead-letter queue counts from the move.
    right: [deployed({ name: "orders.fifo" }, { dead: { name: "dead.fifo", retentionSeconds: 60 } })],
  },
  "retention-below-receives": {
    wrong: [["error", deployed({ retentionSeconds: 300 })]],
    right: [deployed({ retentionSeconds: 301 })],
  },
  "receives-under-throttling": {
    wrong: [
      ["warning", deployed({ maxReceiveCount: 4 }, { worker: { reservedConcurrency: 3 } })],
      [
        "warning",
        deployed({ maxReceiveCount: 4 }, { worker: { reservedConcurrency: 3 }, mapping: { maximumConcurrency: 4 } }),
      ],
    ],
    right: [
      deployed({ maxReceiveCount: 4 }),
      deployed({ maxReceiveCount: 4 }, { worker: { reservedConcurrency: 3 }, mapping: { maximumConcurrency: 3 } }),
    ],
  },
  "whole-batch-fails": {
    wrong: [["error", deployed({}, { mapping: { reportsFailures: false } })]],
    right: [deployed({}, { mapping: { reportsFailures: false, batchSize: 1 } })],
  },
  "event-filter": {
    wrong: [["error", deployed({}, { mapping: { filters: ['{"body":{"kind":["order"]}}'] } })]],
    right: [],
  },
  "mapping-at-rest": {
    wrong: [
      ["warning", deployed({}, { mapping: { state: "Disabled" } })],
      [
        "error",
        deployed({}, { mapping: { lastResult: "PROBLEM: Lambda failed to assume your function execution role." } }),
      ],
    ],
    right: [deployed({}, { mapping: { state: "Creating", lastResult: "No records processed" } })],
  },
  "two-consumers": {
    wrong: [
      ["error", { ...deployed(), mappings: [MAPPING, { ...MAPPING, functionArn: arnOf("lambda", "function:other") }] }],
    ],
    right: [],
  },
  "short-polling": {
    wrong: [["warning", { ...deployed({ waitSeconds: 0 }), mappings: [] }]],
    // Lambda's poller waits by itself.
    right: [deployed({ waitSeconds: 0 })],
  },
  "alarm-on-wrong-metric": {
    wrong: [["error", deployed({}, { alarms: [depth("orders-dlq"), depth("orders-dlq", "NumberOfMessagesSent")] })]],
    right: [deployed({}, { alarms: [depth("orders-dlq"), depth("orders", "NumberOfMessagesSent")] })],
  },
  "no-alarm": {
    wrong: [
      ["warning", deployed({}, { alarms: [] })],
      ["warning", deployed({}, { alarms: [depth("orders-dlq", "ApproximateNumberOfMessagesNotVisible")] })],
    ],
    right: [deployed({}, { alarms: [depth("orders-dlq", "ApproximateAgeOfOldestMessage")] })],
  },
  "sender-not-allowed": {
    wrong: [
      ["error", deployed({}, { senders: [{ kind: "topic", arn: TOPIC, queueArn: arnOf("sqs", "orders") }] })],
      [
        "error",
        deployed(
          { policy: lets("sns.amazonaws.com", arnOf("sns", "other")) },
          { senders: [{ kind: "topic", arn: TOPIC, queueArn: arnOf("sqs", "orders") }] },
        ),
      ],
      [
        "error",
        deployed(
          { policy: lets("sns.amazonaws.com", RULE) },
          { senders: [{ kind: "rule", arn: RULE, queueArn: arnOf("sqs", "orders") }] },
        ),
      ],
    ],
    right: [
      deployed(
        { policy: lets("sns.amazonaws.com", arnOf("sns", "ord*")) },
        { senders: [{ kind: "topic", arn: TOPIC, queueArn: arnOf("sqs", "orders") }] },
      ),
    ],
  },
  "encryption-shuts-out": {
    wrong: [
      [
        "error",
        deployed(
          { policy: lets("sns.amazonaws.com", TOPIC), kmsKey: "alias/aws/sqs" },
          {
            senders: [{ kind: "topic", arn: TOPIC, queueArn: arnOf("sqs", "orders") }],
            dead: { kmsKey: "alias/aws/sqs" },
          },
        ),
      ],
    ],
    right: [deployed({ kmsKey: "alias/aws/sqs" }, { dead: { kmsKey: "alias/aws/sqs" } })],
  },
  "encryption-mismatch": {
    wrong: [
      ["warning", deployed({ kmsKey: "alias/own" })],
      ["warning", deployed({}, { dead: { kmsKey: "alias/own" } })],
    ],
    right: [deployed({ kmsKey: "alias/own" }, { dead: { kmsKey: "alias/own" } })],
  },
};

test("a deployment without a mistake has no finding", () => {
  expect(examine(deployed())).toEqual([]);
});

test("every rule has its cases", () => {
  expect(Object.keys(CASES)).toEqual(Object.keys(RULES));
});

describe.each(Object.entries(CASES))("the rule %s", (rule, { wrong, right }) => {
  test.each(wrong)("finds its mistake as %s, and says why and what mends it", (severity, parts) => {
    const findings = examine(parts);
    expect(findings.map((each) => [each.rule, each.severity])).toContainEqual([rule, severity]);
    for (const { what, why, fix } of findings.filter((each) => each.rule === rule)) {
      expect([what.length, why.length, fix.length].every((length) => length > 10)).toBe(true);
    }
  });

  test("lets what is right pass", () => {
    for (const parts of right) expect(examine(parts).map((each) => each.rule)).not.toContain(rule);
  });
});

test("the page of doctor has a line for every rule", () => {
  const page = readFileSync("docs/doctor.md", "utf8");
  expect([...page.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, rule]) => rule)).toEqual(Object.keys(RULES));
});

test("errors come before warnings", () => {
  const findings = examine(deployed({ visibilitySeconds: 20 }, { mapping: { reportsFailures: false }, alarms: [] }));
  expect(findings.map(({ severity }) => severity)).toEqual(["error", "warning", "warning"]);
});
