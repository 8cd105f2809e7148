import {
  CancelMessageMoveTaskCommand,
  DeleteQueueCommand,
  ListMessageMoveTasksCommand,
  SetQueueAttributesCommand,
  StartMessageMoveTaskCommand,
} from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  attributesOf,
  bodies,
  newQueue,
  newQueueWithDeadLetters,
  openRegion,
  receive,
  send,
  type TestRegion,
} from "./fixture.ts";

let local: TestRegion;
beforeEach(async () => {
  local = await openRegion();
});
afterEach(() => local.close());

const AT_ONCE = { VisibilityTimeout: "0" };
const arnOf = async (url: string) => (await attributesOf(local, url))["QueueArn"] ?? "";

// source: Amazon SQS developer guide, "Using dead-letter queues"
describe("a message that was received as often as the policy allows", () => {
  test("moves at the next receive, not before", async () => {
    const { url, dead } = await newQueueWithDeadLetters(local, 2, AT_ONCE);
    await send(local, url, "poison");
    expect(await receive(local, url)).toHaveLength(1);
    expect(await receive(local, url)).toHaveLength(1);
    expect(await receive(local, dead)).toEqual([]);
    expect(await receive(local, url)).toEqual([]);
    expect(await receive(local, dead)).toHaveLength(1);
  });

  test("keeps its id, body, attributes and receive count, and says where it came from", async () => {
    const { url, dead } = await newQueueWithDeadLetters(local, 1, AT_ONCE);
    const attributes = { Foo: { DataType: "String", StringValue: "Bar" } };
    const { MessageId } = await send(local, url, "poison", { MessageAttributes: attributes });
    const sentAt = local.clock.now();
    await receive(local, url);
    local.clock.advance(5);
    await receive(local, url);
    const [letter] = await receive(local, dead, {
      MessageSystemAttributeNames: ["All"],
      MessageAttributeNames: ["All"],
    });
    expect(letter).toMatchObject({
      MessageId,
      Body: "poison",
      MessageAttributes: attributes,
      Attributes: {
        DeadLetterQueueSourceArn: await arnOf(url),
        ApproximateReceiveCount: "2",
        SentTimestamp: String(sentAt),
      },
    });
  });

  test("does not keep the living behind it from the same receive", async () => {
    const { url, dead } = await newQueueWithDeadLetters(local, 1, AT_ONCE);
    for (let n = 0; n < 15; n++) await send(local, url, `dead ${n}`);
    while ((await receive(local, url)).length > 0);
    await send(local, url, "alive");
    expect(bodies(await receive(local, url))).toEqual(["alive"]);
    expect(await attributesOf(local, dead)).toMatchObject({ ApproximateNumberOfMessages: "15" });
  });

  test("wakes those who wait at the dead-letter queue", async () => {
    const { url, dead } = await newQueueWithDeadLetters(local, 1, AT_ONCE);
    await send(local, url, "poison");
    const waiting = receive(local, dead, { WaitTimeSeconds: 20 });
    await receive(local, url);
    await receive(local, url);
    expect(await waiting).toHaveLength(1);
  });

  test("moves while a receiver waits at its queue", async () => {
    const { url, dead } = await newQueueWithDeadLetters(local, 1, { VisibilityTimeout: "3" });
    await send(local, url, "poison");
    await receive(local, url);
    const waiting = receive(local, url, { WaitTimeSeconds: 20 });
    await attributesOf(local, url);
    local.clock.advance(3);
    await vi.waitFor(async () => expect(await receive(local, dead)).toHaveLength(1));
    await send(local, url, "alive");
    expect(bodies(await waiting)).toEqual(["alive"]);
  });

  test("is given on while its dead-letter queue does not exist", async () => {
    const { url, dead } = await newQueueWithDeadLetters(local, 1, AT_ONCE);
    await send(local, url, "poison");
    await local.sqs.send(new DeleteQueueCommand({ QueueUrl: dead }));
    for (let n = 0; n < 3; n++) expect(await receive(local, url)).toHaveLength(1);
  });

  test("has only the rest of its retention left in a standard dead-letter queue", async () => {
    const { url, dead } = await newQueueWithDeadLetters(local, 1, AT_ONCE);
    await local.sqs.send(
      new SetQueueAttributesCommand({ QueueUrl: dead, Attributes: { MessageRetentionPeriod: "100" } }),
    );
    await send(local, url, "poison");
    await receive(local, url);
    local.clock.advance(90);
    await receive(local, url);
    expect(await attributesOf(local, dead)).toMatchObject({ ApproximateNumberOfMessages: "1" });
    local.clock.advance(10);
    expect(await attributesOf(local, dead)).toMatchObject({ ApproximateNumberOfMessages: "0" });
  });
});

// source: Amazon SQS API reference, StartMessageMoveTask, ListMessageMoveTasks, CancelMessageMoveTask
describe("a move task", () => {
  const start = (sourceArn: string, input: { DestinationArn?: string; MaxNumberOfMessagesPerSecond?: number } = {}) =>
    local.sqs.send(new StartMessageMoveTaskCommand({ SourceArn: sourceArn, ...input }));
  const latest = async (sourceArn: string) =>
    (await local.sqs.send(new ListMessageMoveTasksCommand({ SourceArn: sourceArn }))).Results?.[0];
  const untilMoved = (sourceArn: string, moved: number) =>
    vi.waitFor(async () => expect(await latest(sourceArn)).toMatchObject({ ApproximateNumberOfMessagesMoved: moved }));

  async function deadLetters(count: number): Promise<{ url: string; dead: string; deadArn: string }> {
    const queues = await newQueueWithDeadLetters(local, 1, AT_ONCE);
    for (let n = 0; n < count; n++) await send(local, queues.url, String(n));
    for (let n = 0; n < count; n++) await receive(local, queues.url);
    expect(await attributesOf(local, queues.dead)).toMatchObject({ ApproximateNumberOfMessages: String(count) });
    return queues;
  }

  test("brings each message back to the queue that it came from, as a new one", async () => {
    const { url, dead, deadArn } = await deadLetters(2);
    const [before] = await receive(local, dead, { VisibilityTimeout: 0, MaxNumberOfMessages: 1 });
    local.clock.advance(7);
    await start(deadArn);
    await vi.waitFor(async () => expect(await latest(deadArn)).toMatchObject({ Status: "COMPLETED" }));
    expect(await latest(deadArn)).toEqual({
      Status: "COMPLETED",
      SourceArn: deadArn,
      ApproximateNumberOfMessagesMoved: 2,
      ApproximateNumberOfMessagesToMove: 2,
      StartedTimestamp: local.clock.now(),
    });
    const back = await receive(local, url, { MessageSystemAttributeNames: ["All"], VisibilityTimeout: 60 });
    expect(bodies(back).sort()).toEqual(["0", "1"]);
    for (const message of back) {
      expect(message.MessageId).not.toBe(before?.MessageId);
      expect(message.Attributes).toMatchObject({
        ApproximateReceiveCount: "1",
        SentTimestamp: String(local.clock.now()),
      });
      expect(message.Attributes).not.toHaveProperty("DeadLetterQueueSourceArn");
    }
  });

  test("brings them all to one destination", async () => {
    const { deadArn } = await deadLetters(2);
    const other = await newQueue(local);
    await start(deadArn, { DestinationArn: await arnOf(other) });
    await untilMoved(deadArn, 2);
    expect(await receive(local, other)).toHaveLength(2);
  });

  test("keeps to its rate, is one a queue, and can be cancelled", async () => {
    const { deadArn } = await deadLetters(5);
    const { TaskHandle } = await start(deadArn, { MaxNumberOfMessagesPerSecond: 2 });
    await untilMoved(deadArn, 2);
    expect(await latest(deadArn)).toMatchObject({ Status: "RUNNING", TaskHandle, MaxNumberOfMessagesPerSecond: 2 });
    await expect(start(deadArn)).rejects.toThrow(/already a task running/);
    local.clock.advance(1);
    await untilMoved(deadArn, 4);
    const cancelled = await local.sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle }));
    expect(cancelled.ApproximateNumberOfMessagesMoved).toBe(4);
    expect(await latest(deadArn)).toMatchObject({ Status: "CANCELLED", ApproximateNumberOfMessagesMoved: 4 });
    expect(await latest(deadArn)).not.toHaveProperty("TaskHandle");
    local.clock.advance(5);
    await expect(local.sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle }))).rejects.toThrow(/running/);
    await start(deadArn);
    await untilMoved(deadArn, 1);
  });

  test("goes on after a restart, and moves nothing twice", async () => {
    const { url, deadArn } = await deadLetters(5);
    await start(deadArn, { MaxNumberOfMessagesPerSecond: 2 });
    await untilMoved(deadArn, 2);
    local = await local.restart();
    await untilMoved(deadArn, 4);
    local.clock.advance(1);
    await untilMoved(deadArn, 5);
    expect(await latest(deadArn)).toMatchObject({ Status: "COMPLETED" });
    expect(bodies(await receive(local, url.slice(url.lastIndexOf("/")), { VisibilityTimeout: 60 })).sort()).toEqual([
      "0",
      "1",
      "2",
      "3",
      "4",
    ]);
  });

  test("leaves what dies again during the move", async () => {
    const { url, dead, deadArn } = await deadLetters(2);
    await start(deadArn, { MaxNumberOfMessagesPerSecond: 1 });
    await untilMoved(deadArn, 1);
    await receive(local, url);
    await receive(local, url);
    local.clock.advance(1);
    await untilMoved(deadArn, 2);
    local.clock.advance(1);
    await vi.waitFor(async () => expect(await latest(deadArn)).toMatchObject({ Status: "COMPLETED" }));
    expect(await attributesOf(local, dead)).toMatchObject({ ApproximateNumberOfMessages: "1" });
  });

  test("fails when its destination is deleted, or a message came from nowhere", async () => {
    const { url, dead, deadArn } = await deadLetters(3);
    await start(deadArn, { MaxNumberOfMessagesPerSecond: 1 });
    await untilMoved(deadArn, 1);
    await local.sqs.send(new DeleteQueueCommand({ QueueUrl: url }));
    local.clock.advance(1);
    await vi.waitFor(async () =>
      expect(await latest(deadArn)).toMatchObject({
        Status: "FAILED",
        FailureReason: "AWS.SimpleQueueService.NonExistentQueue",
      }),
    );
    const source = await newQueue(local, {
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadArn, maxReceiveCount: 1 }),
    });
    await send(local, dead, "sent here");
    await start(deadArn, { DestinationArn: await arnOf(source) });
    await untilMoved(deadArn, 3);
    await send(local, dead, "sent here");
    await start(deadArn);
    await vi.waitFor(async () =>
      expect(await latest(deadArn)).toMatchObject({ FailureReason: "CouldNotDetermineMessageSource" }),
    );
  });

  test("is refused for a queue that is no dead-letter queue, and for queues that do not exist", async () => {
    const { deadArn } = await newQueueWithDeadLetters(local, 1);
    const nowhere = "arn:aws:sqs:us-east-1:000000000000:nowhere";
    await expect(start(await arnOf(await newQueue(local)))).rejects.toThrow(
      /must be configured as a Dead Letter Queue/,
    );
    await expect(start(nowhere)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    await expect(start(deadArn, { DestinationArn: nowhere })).rejects.toThrow(/DestinationArn/);
    await expect(start(deadArn, { MaxNumberOfMessagesPerSecond: 501 })).rejects.toThrow(/between 1 and 500/);
    await expect(local.sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle: "nonsense" }))).rejects.toThrow(
      /TaskHandle is invalid/,
    );
  });
});
