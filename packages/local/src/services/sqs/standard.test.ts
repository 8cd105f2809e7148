import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  PurgeQueueCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
} from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openRegion, receive, type TestRegion } from "./fixture.ts";

let test1: TestRegion;
let queues = 0;

beforeAll(async () => {
  test1 = await openRegion();
});
afterAll(async () => {
  await test1.close();
});

async function newQueue(attributes: Record<string, string> = {}): Promise<string> {
  queues += 1;
  const { QueueUrl } = await test1.sqs.send(
    new CreateQueueCommand({ QueueName: `q${queues}`, Attributes: attributes }),
  );
  return QueueUrl!;
}

async function send(queueUrl: string, body: string): Promise<string> {
  const { MessageId } = await test1.sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: body }));
  return MessageId!;
}

describe("a standard queue", () => {
  test("gives what was sent, keeps it out of sight, and forgets it when it is deleted", async () => {
    const url = await newQueue();
    const id = await send(url, "hello");
    const [message] = await receive(test1.sqs, url, { MessageSystemAttributeNames: ["All"] });
    expect(message).toMatchObject({ MessageId: id, Body: "hello", Attributes: { ApproximateReceiveCount: "1" } });
    expect(await receive(test1.sqs, url)).toEqual([]);
    await test1.sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: message!.ReceiptHandle }));
    const { Attributes } = await test1.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["All"] }),
    );
    expect(Attributes).toMatchObject({
      ApproximateNumberOfMessages: "0",
      ApproximateNumberOfMessagesNotVisible: "0",
      VisibilityTimeout: "30",
    });
  });

  test("answers a long poll as soon as a message comes", async () => {
    const url = await newQueue();
    const waiting = receive(test1.sqs, url, { WaitTimeSeconds: 20 });
    await send(url, "late");
    expect((await waiting).map((each) => each.Body)).toEqual(["late"]);
  });

  test("answers a long poll when a message in flight comes back", async () => {
    const url = await newQueue({ VisibilityTimeout: "1" });
    await send(url, "again");
    await receive(test1.sqs, url);
    expect(await receive(test1.sqs, url, { WaitTimeSeconds: 20 })).toHaveLength(1);
  });

  test("moves a message at the next receive after the limit, and the dead letter keeps its identity", async () => {
    const dead = await newQueue();
    const { Attributes } = await test1.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: dead, AttributeNames: ["QueueArn"] }),
    );
    const url = await newQueue({
      VisibilityTimeout: "0",
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: Attributes!["QueueArn"], maxReceiveCount: 2 }),
    });
    const id = await send(url, "poison");
    expect(await receive(test1.sqs, url)).toHaveLength(1);
    expect(await receive(test1.sqs, url)).toHaveLength(1);
    const waiting = receive(test1.sqs, dead, { WaitTimeSeconds: 20, MessageSystemAttributeNames: ["All"] });
    expect(await receive(test1.sqs, url)).toEqual([]);
    expect(await waiting).toMatchObject([
      { MessageId: id, Body: "poison", Attributes: { ApproximateReceiveCount: "3" } },
    ]);
  });

  test("carries out batches entry by entry", async () => {
    const url = await newQueue();
    const sent = await test1.sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: url,
        Entries: [
          { Id: "a", MessageBody: "1" },
          { Id: "b", MessageBody: "2", DelaySeconds: 901 },
          { Id: "c", MessageBody: "3" },
        ],
      }),
    );
    expect(sent.Successful?.map((each) => each.Id)).toEqual(["a", "c"]);
    expect(sent.Failed).toMatchObject([{ Id: "b", SenderFault: true, Code: "InvalidParameterValue" }]);
    const received = await receive(test1.sqs, url);
    const changed = await test1.sqs.send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl: url,
        Entries: received.map((each, index) => ({
          Id: String(index),
          ReceiptHandle: each.ReceiptHandle,
          VisibilityTimeout: 0,
        })),
      }),
    );
    expect(changed.Successful).toHaveLength(2);
    const again = await receive(test1.sqs, url);
    const deleted = await test1.sqs.send(
      new DeleteMessageBatchCommand({
        QueueUrl: url,
        Entries: [
          ...again.map((each, index) => ({ Id: String(index), ReceiptHandle: each.ReceiptHandle })),
          { Id: "bad", ReceiptHandle: "nonsense" },
        ],
      }),
    );
    expect(deleted.Successful).toHaveLength(2);
    expect(deleted.Failed).toMatchObject([{ Id: "bad", Code: "ReceiptHandleIsInvalid" }]);
  });

  test("is found by name and by prefix, emptied by a purge, and gone after its delete", async () => {
    const url = await newQueue();
    await send(url, "x");
    const { QueueUrl } = await test1.sqs.send(new GetQueueUrlCommand({ QueueName: `q${queues}` }));
    expect(QueueUrl).toBe(url);
    const { QueueUrls } = await test1.sqs.send(new ListQueuesCommand({ QueueNamePrefix: `q${queues}` }));
    expect(QueueUrls).toEqual([url]);
    await test1.sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { VisibilityTimeout: "7" } }));
    await test1.sqs.send(new PurgeQueueCommand({ QueueUrl: url }));
    expect(await receive(test1.sqs, url)).toEqual([]);
    await test1.sqs.send(new DeleteQueueCommand({ QueueUrl: url }));
    await expect(send(url, "y")).rejects.toMatchObject({ name: "QueueDoesNotExist" });
  });

  test("changes the visibility of a message in flight", async () => {
    const url = await newQueue();
    await send(url, "x");
    const [message] = await receive(test1.sqs, url);
    const waiting = receive(test1.sqs, url, { WaitTimeSeconds: 20 });
    await test1.sqs.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: url,
        ReceiptHandle: message!.ReceiptHandle,
        VisibilityTimeout: 0,
      }),
    );
    expect(await waiting).toHaveLength(1);
  });
});
