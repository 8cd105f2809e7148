import {
  CreateQueueCommand,
  type Message,
  ReceiveMessageCommand,
  type SendMessageBatchCommandInput,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { localRegion } from "../../test/region.ts";
import { type ProducerOptions, producer } from "./producer.ts";

interface Trial {
  readonly client: SQSClient;
  readonly queueUrl: string;
  readonly received: () => Promise<readonly Message[]>;
}

async function queue(QueueName: string, Attributes: Record<string, string> = {}): Promise<Trial> {
  const client = new SQSClient({ ...(await localRegion()), maxAttempts: 1 });
  const { QueueUrl = "" } = await client.send(new CreateQueueCommand({ QueueName, Attributes }));
  const received = async (): Promise<readonly Message[]> => {
    const request = { QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ["All"] };
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({ ...request, MessageSystemAttributeNames: ["MessageGroupId"] }),
    );
    return Messages;
  };
  return { client, queueUrl: QueueUrl, received };
}

const fifo = (): Promise<Trial> => queue("orders.fifo", { FifoQueue: "true" });
const bodies = (messages: readonly Message[]): (string | undefined)[] => messages.map(({ Body }) => Body);

/** Loses the answers to the first `requests` sends: the queue has the messages, and the producer does not know. */
function loseAnswers(client: SQSClient, requests: number): void {
  let left = requests;
  client.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args);
      if (left-- > 0) throw Object.assign(new Error("socket hang up"), { name: "ECONNRESET" });
      return answer;
    },
    { step: "initialize" },
  );
}

/** Fails an entry by the service's own fault, every time. */
function failEntry(client: SQSClient, body: string): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      const input = args.input as SendMessageBatchCommandInput;
      const bad = input.Entries?.find(({ MessageBody }) => MessageBody === body);
      if (!bad) return next(args);
      const Entries = input.Entries?.filter((entry) => entry !== bad) ?? [];
      const Failed = [{ Id: bad.Id, SenderFault: false, Code: "InternalError" }];
      if (Entries.length === 0) return { response: undefined, output: { $metadata: {}, Failed } as never };
      const { response, output } = await next({ ...args, input: { ...input, Entries } as never });
      return { response, output: { ...output, Failed } };
    },
    { step: "initialize" },
  );
}

test("send gives back one id a message, in order", async () => {
  const { client, queueUrl, received } = await queue("orders");
  const ids = await producer({ client, queueUrl }).send([{ body: "1" }, { body: "2" }]);
  const messages = await received();
  expect(new Set(ids)).toEqual(new Set(messages.map(({ MessageId }) => MessageId)));
  expect(await producer({ client, queueUrl }).send([])).toEqual([]);
});

test("a delayed message is not there at once", async () => {
  const { client, queueUrl, received } = await queue("orders");
  await producer({ client, queueUrl }).send([{ body: "later", delaySeconds: 900 }, { body: "now" }]);
  expect(bodies(await received())).toEqual(["now"]);
});

test("what was not sent is thrown, with a report", async () => {
  const { client, queueUrl, received } = await queue("orders");
  const messages = [{ body: "a" }, { body: "b", delaySeconds: 901 }];
  await expect(producer({ client, queueUrl }).send(messages)).rejects.toMatchObject({
    name: "SendIncomplete",
    category: "dependency",
    message: expect.stringMatching(/^1 of 2 messages were not sent: 1: InvalidParameterValue: .*901/),
    report: { sent: [{ index: 0 }], failed: [{ index: 1 }] },
  });
  expect(bodies(await received())).toEqual(["a"]);
});

test("on FIFO a repeat after a lost answer is one message", async () => {
  const { client, queueUrl, received } = await fifo();
  const orders = producer({ client, queueUrl, groupId: () => "g", deduplicationId: ({ body }) => `order-${body}` });
  loseAnswers(client, 1);
  const messages = [{ body: "1" }, { body: "2" }];
  await expect(orders.send(messages)).rejects.toThrow("socket hang up");
  await orders.send(messages);
  expect(bodies(await received())).toEqual(["1", "2"]);
});

test("a message's own ids come before the producer's", async () => {
  const { client, queueUrl, received } = await fifo();
  const orders = producer({ client, queueUrl, groupId: () => "g", deduplicationId: () => "always" });
  await orders.send([{ body: "1" }, { body: "2", groupId: "own", deduplicationId: "own" }, { body: "3" }]);
  expect((await received()).map(({ Body, Attributes }) => [Body, Attributes?.MessageGroupId])).toEqual([
    ["1", "g"],
    ["2", "own"],
  ]);
});

test("a message without a group is named, and its batch mates are sent", async () => {
  const { client, queueUrl, received } = await fifo();
  const groupId = ({ body }: { body: string }): string => {
    if (body === "throws") throw new Error("no store");
    return body === "none" ? "" : "g";
  };
  const orders = producer({ client, queueUrl, groupId, deduplicationId: ({ body }) => body });
  const { sent, failed } = await orders.trySend([{ body: "a" }, { body: "none" }, { body: "throws" }, { body: "b" }]);
  expect(sent.map(({ index }) => index)).toEqual([0, 3]);
  expect(failed).toEqual([
    { index: 1, code: "group-missing", message: expect.stringContaining("groupId") },
    { index: 2, code: "id-unknown", message: "Its ids could not be made: Error: no store" },
  ]);
  expect(bodies(await received())).toEqual(["a", "b"]);
});

test("a message whose id cannot be made keeps back those behind it in its group", async () => {
  const { client, queueUrl } = await fifo();
  const deduplicationId = ({ body }: { body: string }): string => {
    if (body === "2") throw new Error("no id");
    return body;
  };
  const orders = producer({ client, queueUrl, groupId: () => "g", deduplicationId });
  const { failed } = await orders.trySend([{ body: "1" }, { body: "2" }, { body: "3" }]);
  expect(failed.map(({ index, code }) => [index, code])).toEqual([
    [1, "id-unknown"],
    [2, "behind-failed"],
  ]);
});

test("on FIFO no later batch overtakes a message of its group that was not sent", async () => {
  const { client, queueUrl } = await fifo();
  failEntry(client, "5");
  const messages = Array.from({ length: 25 }, (_, index) => ({
    body: String(index),
    groupId: index % 5 === 0 ? "a" : "b",
    deduplicationId: String(index),
  }));
  const { sent, failed } = await producer({ client, queueUrl }).trySend(messages);
  expect(failed).toMatchObject([
    { index: 5, code: "InternalError" },
    { index: 10, code: "behind-failed", message: "The message 5 of its group was not sent." },
    { index: 15, code: "behind-failed" },
    { index: 20, code: "behind-failed" },
  ]);
  expect(sent).toHaveLength(21);
});

const takesFunction = "a function `(message) => …` that gives a text";
test.each([
  ["queueUrl", "orders", `is "orders"; it takes the queue's URL, as CreateQueue gives it`],
  ["client", {}, "is {}; it takes an SQSClient"],
  ["groupId", "g", `is "g"; it takes ${takesFunction}`],
  ["deduplicationId", true, `is true; it takes ${takesFunction}`],
  ["claimCheck", { bucket: "b" }, `takes \`claimCheck({ bucket })\` of "@reliq/aws/s3"`],
])("option %s of %j is refused with what it takes", (option, value, says) => {
  const options = { queueUrl: "http://q", [option]: value } as ProducerOptions;
  expect(() => producer(options)).toThrow(says);
});

test("an option that there is not is refused", () => {
  const options = { queueUrl: "http://q", groupID: "g" } as ProducerOptions;
  expect(() => producer(options)).toThrow("producer(): there is no option `groupID`");
});
