import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
} from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { attributesOf, bodies, newQueue, openRegion, receive, type TestRegion } from "./fixture.ts";

let local: TestRegion;
beforeAll(async () => {
  local = await openRegion();
});
afterAll(() => local.close());

const text = (value: string) => ({ DataType: "String", StringValue: value });
const sendBatch = (url: string, entries: SendMessageBatchRequestEntry[]) =>
  local.sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries: entries }));

// source: Amazon SQS API reference, SendMessageBatch, DeleteMessageBatch, ChangeMessageVisibilityBatch
describe("a batch", () => {
  const entries = (count: number, body = "x") =>
    Array.from({ length: count }, (_, index) => ({ Id: `e${index}`, MessageBody: body }));

  test("is refused whole when it is empty, too long, or its ids are wrong", async () => {
    const url = await newQueue(local);
    await expect(sendBatch(url, [])).rejects.toMatchObject({ name: "EmptyBatchRequest" });
    await expect(sendBatch(url, entries(11))).rejects.toMatchObject({ name: "TooManyEntriesInBatchRequest" });
    await expect(sendBatch(url, [...entries(1), ...entries(1)])).rejects.toMatchObject({
      name: "BatchEntryIdsNotDistinct",
    });
    for (const id of ["", "invalid:id", "x".repeat(81)]) {
      await expect(sendBatch(url, [{ Id: id, MessageBody: "x" }])).rejects.toMatchObject({
        name: "InvalidBatchEntryId",
      });
    }
  });

  test("is at most 1 MiB in total", async () => {
    const url = await newQueue(local);
    await expect(sendBatch(url, entries(4, "x".repeat(262_145)))).rejects.toMatchObject({
      name: "BatchRequestTooLong",
      message: expect.stringContaining("You have sent 1048580 bytes"),
    });
    await sendBatch(url, entries(4, "x".repeat(262_144)));
    expect(await receive(local, url)).toHaveLength(4);
  });

  test("answers 200 with its failed entries inside", async () => {
    const url = await newQueue(local);
    const sent = await sendBatch(url, [
      { Id: "good", MessageBody: "1", MessageAttributes: { Foo: text("Bar") } },
      { Id: "slow", MessageBody: "2", DelaySeconds: 901 },
      { Id: "illegal", MessageBody: "\u0000" },
      { Id: "attribute", MessageBody: "x", MessageAttributes: { a: text("") } },
    ]);
    expect(sent.Successful).toMatchObject([{ Id: "good", MD5OfMessageAttributes: "ae7155c6026991b6d54b11589678bf9c" }]);
    expect(sent.Failed).toMatchObject([
      { Id: "slow", SenderFault: true, Code: "InvalidParameterValue" },
      { Id: "illegal", SenderFault: true, Code: "InvalidMessageContents" },
      { Id: "attribute", SenderFault: true, Code: "InvalidParameterValue" },
    ]);
    expect(bodies(await receive(local, url))).toEqual(["1"]);
  });

  test("deletes and changes visibility entry by entry", async () => {
    const url = await newQueue(local);
    await sendBatch(url, entries(3));
    const received = await receive(local, url);
    const handles = received.map((each, index) => ({ Id: `e${index}`, ReceiptHandle: each.ReceiptHandle }));
    const changed = await local.sqs.send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl: url,
        Entries: [
          { ...handles[0]!, VisibilityTimeout: 0 },
          { Id: "long", ReceiptHandle: handles[1]!.ReceiptHandle, VisibilityTimeout: 43_201 },
        ],
      }),
    );
    expect(changed.Successful).toEqual([{ Id: "e0" }]);
    expect(changed.Failed).toMatchObject([{ Id: "long", Code: "InvalidParameterValue" }]);
    const deleted = await local.sqs.send(
      new DeleteMessageBatchCommand({ QueueUrl: url, Entries: [...handles, { Id: "bad", ReceiptHandle: "nonsense" }] }),
    );
    expect(deleted.Successful).toHaveLength(3);
    expect(deleted.Failed).toMatchObject([{ Id: "bad", Code: "ReceiptHandleIsInvalid" }]);
    expect(await attributesOf(local, url)).toMatchObject({ ApproximateNumberOfMessages: "0" });
  });
});
