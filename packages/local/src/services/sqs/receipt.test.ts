import { ChangeMessageVisibilityCommand, DeleteMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newQueue, openRegion, receive, send, type TestRegion } from "./fixture.ts";

let local: TestRegion;
beforeAll(async () => {
  local = await openRegion();
});
afterAll(() => local.close());

const remove = (url: string, handle: string | undefined) =>
  local.sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: handle }));
const change = (url: string, handle: string | undefined, seconds: number) =>
  local.sqs.send(
    new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle: handle, VisibilityTimeout: seconds }),
  );

// source: Amazon SQS API reference, DeleteMessage, ChangeMessageVisibility
describe("a receipt handle", () => {
  test("deletes its message, also after the visibility ended, and also twice", async () => {
    const url = await newQueue(local, { VisibilityTimeout: "1" });
    await send(local, url, "x");
    const [message] = await receive(local, url);
    local.clock.advance(2);
    await remove(url, message?.ReceiptHandle);
    await remove(url, message?.ReceiptHandle);
    expect(await receive(local, url)).toEqual([]);
  });

  test("older than the last receive succeeds and deletes nothing", async () => {
    const url = await newQueue(local, { VisibilityTimeout: "1" });
    await send(local, url, "x");
    const [first] = await receive(local, url);
    local.clock.advance(2);
    const [second] = await receive(local, url);
    expect(second?.ReceiptHandle).not.toBe(first?.ReceiptHandle);
    await remove(url, first?.ReceiptHandle);
    local.clock.advance(2);
    expect(await receive(local, url)).toHaveLength(1);
  });

  test("of another queue, or none at all, is refused", async () => {
    const [url, other] = [await newQueue(local), await newQueue(local)];
    await send(local, url, "x");
    const [message] = await receive(local, url);
    for (const handle of [message?.ReceiptHandle, "nonsense"]) {
      await expect(remove(other, handle)).rejects.toMatchObject({ name: "ReceiptHandleIsInvalid" });
    }
    await expect(remove(url, "")).rejects.toThrow(/must contain the parameter ReceiptHandle/);
  });

  test("lengthens and ends the visibility, counted from now", async () => {
    const url = await newQueue(local, { VisibilityTimeout: "10" });
    await send(local, url, "x");
    const [message] = await receive(local, url);
    local.clock.advance(8);
    await change(url, message?.ReceiptHandle, 10);
    local.clock.advance(9);
    expect(await receive(local, url)).toEqual([]);
    await change(url, message?.ReceiptHandle, 0);
    expect(await receive(local, url)).toHaveLength(1);
  });

  test("changes nothing once its visibility has ended", async () => {
    const url = await newQueue(local, { VisibilityTimeout: "1" });
    await send(local, url, "x");
    const [message] = await receive(local, url);
    local.clock.advance(2);
    await change(url, message?.ReceiptHandle, 60);
    expect(await receive(local, url)).toHaveLength(1);
  });

  test("holds a message for at most 12 hours in total; asking for more is an error, not a clip", async () => {
    const url = await newQueue(local, { VisibilityTimeout: "43200" });
    await send(local, url, "x");
    const [message] = await receive(local, url);
    await change(url, message?.ReceiptHandle, 43_200);
    local.clock.advance(3_600);
    await expect(change(url, message?.ReceiptHandle, 39_601)).rejects.toThrow(/beyond the limit \[43200 seconds\]/);
    await change(url, message?.ReceiptHandle, 39_600);
    await expect(change(url, message?.ReceiptHandle, 43_201)).rejects.toThrow(/43201 for parameter VisibilityTimeout/);
  });

  test("of a deleted message cannot change its visibility", async () => {
    const url = await newQueue(local);
    await send(local, url, "x");
    const [message] = await receive(local, url);
    await remove(url, message?.ReceiptHandle);
    await expect(change(url, message?.ReceiptHandle, 10)).rejects.toThrow(
      /not available for visibility timeout change/,
    );
  });
});
