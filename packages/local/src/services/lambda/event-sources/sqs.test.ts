import { ReceiveMessageCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { describe, expect, test, vi } from "vitest";
import { bodies, numbered, PARTIAL, useSourceFixture } from "../../../../test/source-fixture.ts";

const { fixture, consumer, started, ended, queue, send, map, depth, empty, invocations } = useSourceFixture();

// source: Lambda developer guide, "Using Lambda with Amazon SQS": example event, batching; "Handling errors for an SQS event source in Lambda"
describe("an event source on a standard queue", () => {
  test("gives a message as Lambda does, and deletes it once it is handled", async () => {
    const { url, arn } = await queue();
    await fixture().deploy({ consumer: consumer("") });
    await map(arn);
    const { MessageId } = await fixture().sqs.send(
      new SendMessageCommand({
        QueueUrl: url,
        MessageBody: "héllo",
        MessageAttributes: {
          store_id: { DataType: "Number", StringValue: "5" },
          raw: { DataType: "Binary", BinaryValue: Buffer.from("bytes") },
        },
      }),
    );
    await empty(url);
    expect(started()[0]?.records).toEqual([
      {
        messageId: MessageId,
        receiptHandle: expect.any(String),
        body: "héllo",
        attributes: {
          ApproximateReceiveCount: "1",
          SentTimestamp: expect.stringMatching(/^\d{13}$/),
          SenderId: expect.any(String),
          ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
        },
        messageAttributes: {
          store_id: { stringValue: "5", stringListValues: [], binaryListValues: [], dataType: "Number" },
          raw: {
            binaryValue: Buffer.from("bytes").toString("base64"),
            stringListValues: [],
            binaryListValues: [],
            dataType: "Binary",
          },
        },
        md5OfMessageAttributes: expect.stringMatching(/^[0-9a-f]{32}$/),
        md5OfBody: expect.stringMatching(/^[0-9a-f]{32}$/),
        eventSource: "aws:sqs",
        eventSourceARN: arn,
        awsRegion: "us-east-1",
      },
    ]);
  });

  test("gives up to the batch size, and gathers more than ten within its window", async () => {
    const { url, arn } = await queue("orders", { VisibilityTimeout: "20" });
    await fixture().deploy({ consumer: consumer("") });
    await send(url, numbered(25));
    await map(arn, { BatchSize: 100, MaximumBatchingWindowInSeconds: 1 });
    await empty(url);
    expect(started().map((run) => run.records.length)).toEqual([25]);
  });

  test("does not wait for the window where the batch is full", async () => {
    const { url, arn } = await queue("orders", { VisibilityTimeout: "60" });
    await fixture().deploy({ consumer: consumer("") });
    await send(url, numbered(20));
    await map(arn, { BatchSize: 20, MaximumBatchingWindowInSeconds: 300 });
    await empty(url);
    expect(started().map((run) => run.records.length)).toEqual([20]);
  });

  test("splits a batch whose event would be over 6 MB", async () => {
    const { url, arn } = await queue("orders", { VisibilityTimeout: "20" });
    await fixture().deploy({ consumer: consumer("", { Timeout: 10 }) });
    for (const text of numbered(8)) {
      await fixture().sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: text.repeat(1_000_000) }));
    }
    await map(arn, { BatchSize: 10, MaximumBatchingWindowInSeconds: 1 });
    await empty(url);
    expect(
      bodies(ended())
        .map((body) => body[0])
        .sort(),
    ).toEqual(numbered(8));
    expect(ended().length).toBeGreaterThan(1);
  });

  test("leaves a failed message to its visibility timeout, and deletes its batch mates", async () => {
    const { url, arn } = await queue();
    await fixture().deploy({
      consumer: consumer(
        "return fail(records.filter((each) => each.body === '3' && each.attributes.ApproximateReceiveCount === '1'));",
      ),
    });
    await send(url, numbered(10));
    await map(arn, PARTIAL);
    await empty(url);
    const runs = started();
    expect(
      bodies(runs)
        .filter((body) => body !== "3")
        .sort(),
    ).toEqual(numbered(10).filter((body) => body !== "3"));
    const attempts = runs.filter((run) => bodies([run]).includes("3"));
    expect(attempts).toHaveLength(2);
    const again = attempts[1]?.records.find((record) => record.body === "3");
    const receivedAt = Number(again?.attributes["ApproximateFirstReceiveTimestamp"]);
    expect((attempts[1]?.at ?? 0) - receivedAt).toBeGreaterThanOrEqual(1_000);
  });

  test.each([
    ["throws", "throw new Error('no');", "error"],
    ["times out", "for (;;);", "timeout"],
    ["exits", "process.exit(1);", "crash"],
    ["is killed", "process.kill(process.pid, 'SIGKILL'); await wait(900);", "crash"],
    ["reports what cannot be read", "return { batchItemFailures: [{ itemIdentifier: 'none' }] };", "success"],
  ])("gives every message of a batch again where its function %s, and the cause is kept", async (_, work, Outcome) => {
    const { url, arn } = await queue("orders", { VisibilityTimeout: Outcome === "timeout" ? "2" : "1" });
    await fixture().deploy({
      consumer: consumer(`if (records[0].attributes.ApproximateReceiveCount === "1") { ${work} }`),
    });
    await send(url, ["a", "b"]);
    await map(arn, PARTIAL);
    await empty(url);
    expect(bodies(ended()).sort()).toContain("a");
    expect(bodies(ended()).sort()).toContain("b");
    const first = started()[0]?.records[0]?.messageId ?? "";
    expect(await invocations(first)).toMatchObject([{ Outcome, FailedMessageIds: expect.arrayContaining([first]) }]);
  });

  test("dead-letters a message that fails at each receive, and its attempts are kept", async () => {
    const dead = await queue("dead");
    const { url, arn } = await queue("orders", {
      VisibilityTimeout: "1",
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 2 }),
    });
    await fixture().deploy({ consumer: consumer("return fail(records);") });
    await send(url, ["bad"]);
    await map(arn, PARTIAL);
    await vi.waitFor(async () => expect(await depth(dead.url)).toMatchObject({ waiting: 1 }), 15_000);
    const { Messages = [] } = await fixture().sqs.send(new ReceiveMessageCommand({ QueueUrl: dead.url }));
    expect(await invocations(Messages[0]?.MessageId ?? "")).toHaveLength(2);
  });
});
