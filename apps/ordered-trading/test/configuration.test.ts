import { App } from "aws-cdk-lib";
import { describe, expect, test } from "vitest";
import { readConfiguration } from "../configuration.ts";
import { contextWith } from "./context.ts";

const context = contextWith() as Record<"fifoQueueConfiguration" | "lambdaConfiguration", Record<string, unknown>>;
const read = (changes: Record<string, unknown> = {}) =>
  readConfiguration(new App({ context: contextWith(changes) }).node);
const fifo = (changes: object) => ({ fifoQueueConfiguration: { ...context.fifoQueueConfiguration, ...changes } });
const lambda = (changes: object) => ({ lambdaConfiguration: { ...context.lambdaConfiguration, ...changes } });

describe("the configuration", () => {
  test("of cdk.json is the one that the system is specified with", () => {
    expect(read()).toEqual({
      projectName: "fifo-processing",
      enableDeadLetterQueues: true,
      enablePoisonMessageHandling: true,
      enableMessageReplay: true,
      enableRecoveryApi: false,
      recoveryApprovers: [],
      onPoison: "hold-group",
      fifoQueueConfiguration: {
        contentBasedDeduplication: false,
        deduplicationScope: "messageGroup",
        throughputLimit: "perMessageGroupId",
        maxReceiveCount: 3,
        visibilityTimeoutSeconds: 300,
        messageRetentionPeriodDays: 14,
      },
      lambdaConfiguration: {
        runtime: "nodejs24.x",
        timeout: 300,
        memorySize: 512,
        reservedConcurrency: 10,
        logRetentionDays: 7,
      },
      orderTableConfiguration: { billingMode: "PAY_PER_REQUEST" },
    });
  });

  test("takes what `-c` gives, which is text", () => {
    const given = {
      projectName: "desk-1",
      enableMessageReplay: "false",
      alertEmail: "ops@example.com",
      recoveryApprovers: '["arn:aws:iam::111122223333:role/approver"]',
      orderTableConfiguration: '{"billingMode":"PROVISIONED","readCapacity":5,"writeCapacity":10}',
    };
    expect(read(given)).toMatchObject({
      projectName: "desk-1",
      enableMessageReplay: false,
      alertEmail: "ops@example.com",
      recoveryApprovers: ["arn:aws:iam::111122223333:role/approver"],
      orderTableConfiguration: { billingMode: "PROVISIONED", readCapacity: 5, writeCapacity: 10 },
    });
  });

  test.each([
    [{ projectName: "My Project" }, '`projectName` is "My Project"; it takes 3 to 30 small letters'],
    [{ projectName: undefined }, "`projectName` is missing; the README says what it takes"],
    [{ enableMessageReplay: "yes" }, '`enableMessageReplay` is "yes"; it takes true or false'],
    [{ alertEmail: "nobody" }, '`alertEmail` is "nobody"; it takes an e-mail address'],
    [
      fifo({ contentBasedDeduplication: 1 }),
      "`fifoQueueConfiguration.contentBasedDeduplication` is 1; it takes true or false",
    ],
    [
      fifo({ deduplicationScope: "group" }),
      '`fifoQueueConfiguration.deduplicationScope` is "group"; it takes "messageGroup" or "queue"',
    ],
    [
      fifo({ throughputLimit: "none" }),
      '`fifoQueueConfiguration.throughputLimit` is "none"; it takes "perMessageGroupId" or "perQueue"',
    ],
    [
      fifo({ maxReceiveCount: 0 }),
      "`fifoQueueConfiguration.maxReceiveCount` is 0; it takes a whole number from 1 to 1000",
    ],
    [
      fifo({ messageRetentionPeriodDays: 15 }),
      "`fifoQueueConfiguration.messageRetentionPeriodDays` is 15; it takes a whole number from 1 to 14",
    ],
    [fifo({ visibility: 30 }), "there is no key `fifoQueueConfiguration.visibility`; take it out"],
    [
      fifo({ visibilityTimeoutSeconds: 60 }),
      "`fifoQueueConfiguration.visibilityTimeoutSeconds` is 60 and `lambdaConfiguration.timeout` 300",
    ],
    [
      fifo({ deduplicationScope: "queue" }),
      '`fifoQueueConfiguration.throughputLimit` "perMessageGroupId" takes `deduplicationScope` "messageGroup"',
    ],
    [
      lambda({ runtime: "python3.12" }),
      '`lambdaConfiguration.runtime` is "python3.12"; it takes "nodejs24.x" or "nodejs22.x"',
    ],
    [lambda({ timeout: 1_000 }), "`lambdaConfiguration.timeout` is 1000; it takes a whole number from 10 to 900"],
    [lambda({ memorySize: 64 }), "`lambdaConfiguration.memorySize` is 64; it takes a whole number from 128 to 10240"],
    [
      lambda({ reservedConcurrency: 0.5 }),
      "`lambdaConfiguration.reservedConcurrency` is 0.5; it takes a whole number from 1 to 1000",
    ],
    [lambda({ logRetentionDays: 8 }), "`lambdaConfiguration.logRetentionDays` is 8; it takes one of 1, 3, 5, 7"],
    [lambda({ timeout: undefined }), "`lambdaConfiguration.timeout` is missing"],
    [{ lambdaConfiguration: "{" }, '`lambdaConfiguration` is "{"'],
    [{ orderTableConfiguration: { billingMode: "FREE" } }, 'it takes { "billingMode": "PAY_PER_REQUEST" } or'],
    [
      { orderTableConfiguration: { billingMode: "PROVISIONED", readCapacity: 5 } },
      "`orderTableConfiguration.writeCapacity` is missing",
    ],
  ])("what cannot be is refused by its key, with its value and what it takes (%#)", (changes, message) => {
    expect(() => read(changes)).toThrow(expect.objectContaining({ code: "configuration" }));
    expect(() => read(changes)).toThrow(message);
  });

  test("names all that is wrong at once", () => {
    expect(() => read({ projectName: "x", ...lambda({ memorySize: 1 }) })).toThrow(/projectName.*memorySize/);
  });
});
