import {
  type SendMessageBatchCommand,
  type SendMessageBatchCommandOutput,
  type SendMessageBatchRequestEntry,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { expect, test, vi } from "vitest";
import { sendMessages } from "./send-messages.ts";

type Answer = Partial<SendMessageBatchCommandOutput> | Error;

/** A client whose requests are answered one after another; what it was asked is in `requests`. */
function answering(...answers: readonly ((entries: readonly SendMessageBatchRequestEntry[]) => Answer)[]): {
  readonly client: SQSClient;
  readonly requests: string[][];
} {
  const client = new SQSClient({ region: "us-east-1" });
  const requests: string[][] = [];
  vi.spyOn(client, "send").mockImplementation(async (command) => {
    const entries = (command as SendMessageBatchCommand).input.Entries ?? [];
    const answer = answers[requests.length] ?? allSent;
    requests.push(entries.map(({ MessageBody = "" }) => MessageBody.slice(0, 10)));
    const given = answer(entries);
    if (given instanceof Error) throw given;
    return given as never;
  });
  return { client, requests };
}

function allSent(entries: readonly SendMessageBatchRequestEntry[]): Answer {
  return { Successful: entries.map(({ Id, MessageBody }) => success(Id, `id of ${MessageBody}`)) };
}

function success(Id = "", MessageId = ""): NonNullable<SendMessageBatchCommandOutput["Successful"]>[number] {
  return { Id, MessageId, MD5OfMessageBody: "" };
}

function failing(SenderFault: boolean) {
  return ([first, ...others]: readonly SendMessageBatchRequestEntry[]): Answer => ({
    Successful: others.map(({ Id, MessageBody }) => success(Id, `id of ${MessageBody}`)),
    Failed: [{ Id: first?.Id, SenderFault, Code: "InternalError", Message: "try again" }],
  });
}

const bodies = (...texts: readonly string[]): { body: string }[] => texts.map((body) => ({ body }));

test("eleven messages are two requests", async () => {
  const { client, requests } = answering();
  const messages = Array.from({ length: 11 }, (_, index) => ({ body: String(index) }));
  const { sent, failed } = await sendMessages(client, "http://q", messages);
  expect(requests.map((each) => each.length)).toEqual([10, 1]);
  expect(sent.map(({ index, messageId }) => [index, messageId])).toEqual(
    messages.map(({ body }, index) => [index, `id of ${body}`]),
  );
  expect(failed).toEqual([]);
});

test("nothing to send is no request", async () => {
  const { client, requests } = answering();
  expect(await sendMessages(client, "http://q", [])).toEqual({ sent: [], failed: [] });
  expect(requests).toEqual([]);
});

test("what the service failed by its own fault is tried again, and only that", async () => {
  const { client, requests } = answering(failing(false), failing(false));
  const { sent, failed } = await sendMessages(client, "http://q", bodies("a", "b"));
  expect(requests).toEqual([["a", "b"], ["a"], ["a"]]);
  expect(sent).toEqual([
    { index: 1, messageId: "id of b" },
    { index: 0, messageId: "id of a" },
  ]);
  expect(failed).toEqual([]);
});

test("after three tries it is reported", async () => {
  const { client, requests } = answering(failing(false), failing(false), failing(false));
  const { failed } = await sendMessages(client, "http://q", bodies("a", "b"));
  expect(requests).toHaveLength(3);
  expect(failed).toEqual([{ index: 0, code: "InternalError", message: "try again" }]);
});

test("what the sender did wrong is reported at once", async () => {
  const { client, requests } = answering(failing(true));
  const { sent, failed } = await sendMessages(client, "http://q", bodies("a", "b"));
  expect(requests).toEqual([["a", "b"]]);
  expect(sent).toEqual([{ index: 1, messageId: "id of b" }]);
  expect(failed).toEqual([{ index: 0, code: "InternalError", message: "try again" }]);
});

test("a request that fails as a whole is reported for each of its messages, and the others go on", async () => {
  const refused = Object.assign(new Error("no route"), { name: "TimeoutError" });
  const { client, requests } = answering(allSent, () => refused);
  const messages = Array.from({ length: 21 }, (_, index) => ({ body: String(index) }));
  const { sent, failed } = await sendMessages(client, "http://q", messages);
  expect(requests).toHaveLength(3);
  expect(sent).toHaveLength(11);
  expect(failed).toEqual(
    Array.from({ length: 10 }, (_, index) => ({
      index: index + 10,
      code: "TimeoutError",
      message: "no route",
      mayBeSent: true,
    })),
  );
});
