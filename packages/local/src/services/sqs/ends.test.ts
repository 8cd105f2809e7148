import { afterEach, expect, test } from "vitest";
import type { Members } from "../../kernel/service.ts";
import { MOST_ENDS } from "./ends.ts";
import { newQueue, newQueueWithDeadLetters, openRegion, type TestRegion } from "./fixture.ts";

let local: TestRegion | undefined;
afterEach(() => local?.close());

const call = (action: string, input: Members): Promise<Members> =>
  (local as TestRegion).region.call("sqs", action, input);

async function send(QueueUrl: string, MessageBody: string, MessageAttributes: Members = {}): Promise<unknown> {
  return (await call("SendMessage", { QueueUrl, MessageBody, MessageAttributes }))["MessageId"];
}

/** Receives one message and deletes it. */
async function remove(QueueUrl: string): Promise<void> {
  const { Messages } = await call("ReceiveMessage", { QueueUrl });
  const [{ ReceiptHandle }] = Messages as [{ ReceiptHandle: string }];
  await call("DeleteMessage", { QueueUrl, ReceiptHandle });
}

async function ends(QueueUrl: string, more: Members = {}): Promise<Members[]> {
  return (await call("ReliqListEnds", { QueueUrl, ...more }))["Ends"] as Members[];
}

test("what expired, was purged, or was deleted from a dead-letter queue is named, and what was processed is not", async () => {
  local = await openRegion();
  const settings = { VisibilityTimeout: "0", MessageRetentionPeriod: "120" };
  const { url, dead } = await newQueueWithDeadLetters(local, 1, settings);
  await send(url, "processed");
  await remove(url);
  const dies = await send(url, "dies", { project: { DataType: "String", StringValue: "reliq" } });
  await call("ReceiveMessage", { QueueUrl: url });
  await call("ReceiveMessage", { QueueUrl: url });
  await remove(dead);
  const expired = await send(url, "expires");
  local.clock.advance(121);
  expect(await ends(url)).toEqual([]);
  const purged = await send(url, "is purged");
  await call("PurgeQueue", { QueueUrl: url });
  expect(await ends(url)).toMatchObject([
    { MessageId: purged, Kind: "purged" },
    { MessageId: expired, Kind: "expired" },
  ]);
  expect(await ends(url, { Kind: "expired" })).toMatchObject([{ MessageId: expired }]);
  const name = url.slice(url.lastIndexOf("/") + 1);
  const attributes = { project: { DataType: "String", StringValue: "reliq" } };
  expect(await ends(dead)).toMatchObject([
    { MessageId: dies, Kind: "deleted", DeadLetterSource: name, MessageAttributes: attributes },
  ]);
  const { Ends, NextToken } = await call("ReliqListEnds", { QueueUrl: url, Limit: 1 });
  expect(Ends).toMatchObject([{ MessageId: purged }]);
  expect(await ends(url, { NextToken })).toMatchObject([{ MessageId: expired }]);
});

test("a delete by an old handle is no end, and ends are there after a restart", async () => {
  local = await openRegion();
  const { url, dead } = await newQueueWithDeadLetters(local, 1, { VisibilityTimeout: "0" });
  const dies = await send(url, "dies");
  for (const QueueUrl of [url, url]) await call("ReceiveMessage", { QueueUrl });
  const { Messages } = await call("ReceiveMessage", { QueueUrl: dead, VisibilityTimeout: 0 });
  const [{ ReceiptHandle }] = Messages as [{ ReceiptHandle: string }];
  await call("ReceiveMessage", { QueueUrl: dead, VisibilityTimeout: 0 });
  await call("DeleteMessage", { QueueUrl: dead, ReceiptHandle });
  expect(await ends(dead)).toEqual([]);
  await remove(dead);
  local = await local.restart();
  expect(await ends(dead)).toMatchObject([{ MessageId: dies, Kind: "deleted" }]);
});

test("the region keeps its newest ends, and forgets the others", async () => {
  local = await openRegion();
  const url = await newQueue(local);
  const Entries = Array.from({ length: 10 }, (_, index) => ({ Id: String(index), MessageBody: "x" }));
  for (let sent = 0; sent <= MOST_ENDS; sent += 10) await call("SendMessageBatch", { QueueUrl: url, Entries });
  await call("PurgeQueue", { QueueUrl: url });
  let NextToken: unknown;
  let kept = 0;
  do {
    const page = await call("ReliqListEnds", { QueueUrl: url, ...(NextToken !== undefined && { NextToken }) });
    kept += (page["Ends"] as Members[]).length;
    NextToken = page["NextToken"];
  } while (NextToken !== undefined);
  expect(kept).toBe(MOST_ENDS);
}, 60_000);
