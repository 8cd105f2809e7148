import { hash } from "node:crypto";
import { attributesBytes } from "../../kernel/message-attributes.ts";
import type { Members } from "../../kernel/service.ts";
import { invalidParameter } from "./errors.ts";
import { optionalText, readJsonMap, requiredText, structure } from "./input.ts";
import { type MessageAttributes, readMessageAttributes } from "./message-attributes.ts";
import type { Topic } from "./topic.ts";

/** A message as its publisher gave it, checked. */
export interface Published {
  readonly subject: string | undefined;
  readonly attributes: MessageAttributes | undefined;
  /** The text for a protocol (MessageStructure `json`), or the same for all. */
  readonly textFor: (protocol: string) => string;
  readonly groupId: string | undefined;
  /** Set on FIFO topics only. */
  readonly deduplicationId: string | undefined;
  /** The X-Ray header of the request. */
  readonly traceHeader?: string | undefined;
}

/** The largest message with its attributes, and the largest batch, bytes (Publish, PublishBatch). */
export const LARGEST_MESSAGE_BYTES = 262_144;

/** The longest subject, characters (Publish). */
const LONGEST_SUBJECT = 100;

/** What MessageGroupId and MessageDeduplicationId may consist of (Publish). */
const FIFO_ID = /^[\x21-\x7E]{1,128}$/;

/** Checks a message for a topic, or for a phone, which has none. @throws InvalidParameter or ParameterValueInvalid */
export function readPublished(topic: Pick<Topic, "fifo" | "attributes">, input: Members): Published {
  const message = optionalText(input, "Message") ?? "";
  if (message === "") throw invalidParameter("Empty message");
  const attributes = readMessageAttributes(input);
  if (publishedBytes(input) > LARGEST_MESSAGE_BYTES) throw invalidParameter("Message too long");
  return {
    subject: readSubject(input),
    attributes,
    textFor: readTexts(message, input),
    groupId: readGroupId(topic, input),
    deduplicationId: readDeduplicationId(topic, input, message),
  };
}

/** The size that counts against the limits: message and attributes, bytes. They need not be valid. */
export function publishedBytes(input: Members): number {
  return Buffer.byteLength(String(input["Message"] ?? "")) + attributesBytes(structure(input, "MessageAttributes"));
}

/** A subject begins with a letter, a number or a punctuation mark, and is one line of ASCII (Publish). */
function readSubject(input: Members): string | undefined {
  const subject = optionalText(input, "Subject");
  if (subject === undefined || (subject.length <= LONGEST_SUBJECT && /^[\x21-\x7E][\x20-\x7E]*$/.test(subject)))
    return subject;
  throw invalidParameter("Subject");
}

function readTexts(message: string, input: Members): (protocol: string) => string {
  const structureName = optionalText(input, "MessageStructure");
  if (structureName === undefined) return () => message;
  if (structureName !== "json") throw invalidParameter("MessageStructure");
  const texts = readJsonMap(message, "Message Structure - JSON message body");
  if (typeof texts["default"] !== "string")
    throw invalidParameter("Message Structure - No default entry in JSON message body");
  return (protocol) => {
    const text = Object.hasOwn(texts, protocol) ? texts[protocol] : undefined;
    return typeof text === "string" ? text : String(texts["default"]);
  };
}

function readGroupId({ fifo }: Pick<Topic, "fifo">, input: Members): string | undefined {
  if (fifo && input["MessageGroupId"] === undefined) {
    throw invalidParameter("The MessageGroupId parameter is required for FIFO topics");
  }
  return readFifoId(input, "MessageGroupId");
}

function readDeduplicationId(
  topic: Pick<Topic, "fifo" | "attributes">,
  input: Members,
  message: string,
): string | undefined {
  const given = readFifoId(input, "MessageDeduplicationId");
  if (!topic.fifo && given !== undefined) {
    throw invalidParameter(
      "MessageDeduplicationId Reason: The request includes a parameter that is not valid for this topic type",
    );
  }
  if (!topic.fifo || given !== undefined) return given;
  if (topic.attributes["ContentBasedDeduplication"] === "true") return hash("sha256", message);
  throw invalidParameter(
    "The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
  );
}

function readFifoId(input: Members, name: string): string | undefined {
  if (input[name] === undefined || FIFO_ID.test(requiredText(input, name))) return optionalText(input, name);
  throw invalidParameter(`${name} Reason: it can include alphanumeric characters and punctuation, 1 to 128 in length`);
}
