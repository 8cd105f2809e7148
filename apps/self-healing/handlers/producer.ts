import { randomUUID } from "node:crypto";
import { SQSClient } from "@aws-sdk/client-sqs";
import { sendMessages } from "@reliq/aws";
import { startTracing, tracedClient } from "@reliq/aws/tracing";
import { TEST_KINDS, testMessages } from "../domain/test-messages.ts";

startTracing();
const client = tracedClient(new SQSClient({}));

/** What a person or the API asks for. */
interface ProducerEvent {
  /** Of the API: an order, as it came. */
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
  /** By hand: `{"kinds": ["hang", "crash"]}`. @default all kinds, 31 messages */
  readonly kinds?: readonly string[];
}

interface Answer {
  readonly statusCode: number;
  readonly headers: { readonly "content-type": "application/json" };
  readonly body: string;
}

/** `POST /orders` of the API: sends the body as an order. Invoked by hand: sends messages with every kind of failure, or with those that are named. */
export async function handler(event: ProducerEvent = {}): Promise<Answer> {
  const { body, isBase64Encoded = false, kinds = TEST_KINDS } = event;
  const unknown = kinds.filter((kind) => !TEST_KINDS.includes(kind));
  if (unknown.length > 0) return answer(400, { unknown, known: TEST_KINDS });
  if (body === "") return answer(400, { error: "The request has no body; it takes an order." });
  const messages =
    body === undefined
      ? testMessages(randomUUID().slice(0, 8), kinds).map(({ message }) => message)
      : [{ body: isBase64Encoded ? Buffer.from(body, "base64").toString("utf8") : body }];
  const { sent, failed } = await sendMessages(client, process.env["MAIN_QUEUE_URL"] ?? "", messages);
  const status = failed.length === 0 ? 202 : failed.some(({ code }) => code === "InvalidMessageContents") ? 400 : 503;
  return answer(status, { accepted: sent.length, messageIds: sent.map(({ messageId }) => messageId), failed });
}

function answer(statusCode: number, body: object): Answer {
  return { statusCode, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}
