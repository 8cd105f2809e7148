import { hash } from "node:crypto";
import { attributesBytes } from "../../kernel/message-attributes.ts";
import type { Members } from "../../kernel/service.ts";
import { invalidParameter, invalidValue, missingParameter, NOT_FOR_THIS_TYPE } from "./errors.ts";
import { integerWithin, optionalText, requiredText, structure } from "./input.ts";
import { type Sent, sequenceNumber } from "./message.ts";
import { attributesMd5, checkCharacters, type MessageAttributes, readMessageAttributes } from "./message-attributes.ts";
import { numberAttribute, type Queue } from "./queue.ts";
import { LONGEST_DELAY_SECONDS } from "./queue-attributes.ts";

/** A message as its sender gave it, checked. */
export interface Outgoing {
  readonly body: string;
  readonly bodyMd5: string;
  readonly attributes: MessageAttributes | undefined;
  readonly traceHeader: string | undefined;
  /** Its sender gave the header as an attribute of its own. */
  readonly tracedByAttribute: boolean;
  readonly groupId: string | undefined;
  /** Set on FIFO queues only. */
  readonly deduplicationId: string | undefined;
  readonly delaySeconds: number;
  /** Of body and attributes. */
  readonly bytes: number;
}

/** What MessageGroupId and MessageDeduplicationId may consist of (SendMessage). */
const FIFO_ID = /^[a-zA-Z0-9!"#$%&'()*+,\-./:;<=>?@[\\\]^_`{|}~]{1,128}$/;

/** Checks a message for a queue; one that has no tracing header gets that of its request. @throws MissingParameter, InvalidParameterValue, InvalidMessageContents or UnsupportedOperation */
export function readOutgoing(queue: Queue, input: Members, traceHeader?: string): Outgoing {
  const body = requiredText(input, "MessageBody");
  const attributes = readMessageAttributes(input);
  checkCharacters(body, "the message body");
  const largestBytes = numberAttribute(queue, "MaximumMessageSize");
  const bytes = messageBytes(body, attributes);
  if (bytes > largestBytes) {
    throw invalidParameter(
      `One or more parameters are invalid. Reason: Message must be shorter than ${largestBytes} bytes.`,
    );
  }
  const ownHeader = readTraceHeader(input);
  return {
    body,
    bodyMd5: hash("md5", body),
    attributes,
    traceHeader: ownHeader ?? traceHeader,
    tracedByAttribute: ownHeader !== undefined,
    groupId: readGroupId(queue, input),
    deduplicationId: queue.fifo ? readDeduplicationId(queue, input, body) : refuseDeduplicationId(input),
    delaySeconds: readDelay(queue, input),
    bytes,
  };
}

/** The size that counts against the limits: body and attributes, bytes. */
export function messageBytes(body: string, attributes: Members | undefined): number {
  return Buffer.byteLength(body) + (attributes ? attributesBytes(attributes) : 0);
}

/** What a send answers, on either kind of call. */
export function sentAnswer(queue: Queue, outgoing: Outgoing, sent: Sent): Members {
  return {
    MessageId: sent.messageId,
    MD5OfMessageBody: outgoing.bodyMd5,
    ...(outgoing.attributes && { MD5OfMessageAttributes: attributesMd5(outgoing.attributes) }),
    ...(outgoing.tracedByAttribute && {
      MD5OfMessageSystemAttributes: attributesMd5({
        AWSTraceHeader: { DataType: "String", StringValue: outgoing.traceHeader ?? "" },
      }),
    }),
    ...(queue.fifo && { SequenceNumber: sequenceNumber(sent.seq) }),
  };
}

function readTraceHeader(input: Members): string | undefined {
  if (input["MessageSystemAttributes"] === undefined) return undefined;
  for (const [name, value] of Object.entries(structure(input, "MessageSystemAttributes"))) {
    const { DataType, StringValue } = value as Members;
    if (name !== "AWSTraceHeader" || DataType !== "String" || typeof StringValue !== "string" || StringValue === "") {
      throw invalidParameter(
        `Message system attribute '${name}' is invalid: AWSTraceHeader of type String is supported.`,
      );
    }
    return StringValue;
  }
  return undefined;
}

function readGroupId(queue: Queue, input: Members): string | undefined {
  const groupId = optionalText(input, "MessageGroupId");
  if (groupId === undefined && queue.fifo) throw missingParameter("MessageGroupId");
  if (groupId !== undefined) checkFifoId(groupId, "MessageGroupId");
  return groupId;
}

function readDeduplicationId(queue: Queue, input: Members, body: string): string {
  const given = optionalText(input, "MessageDeduplicationId");
  if (given !== undefined) {
    checkFifoId(given, "MessageDeduplicationId");
    return given;
  }
  if (queue.attributes["ContentBasedDeduplication"] === "true") return hash("sha256", body);
  throw invalidParameter(
    "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
  );
}

function refuseDeduplicationId(input: Members): undefined {
  const given = optionalText(input, "MessageDeduplicationId");
  if (given === undefined) return undefined;
  throw invalidValue(given, "MessageDeduplicationId", NOT_FOR_THIS_TYPE);
}

function readDelay(queue: Queue, input: Members): number {
  const given = integerWithin(input, "DelaySeconds", 0, LONGEST_DELAY_SECONDS);
  if (given === undefined || (given === 0 && queue.fifo)) return numberAttribute(queue, "DelaySeconds");
  if (queue.fifo) throw invalidValue(given, "DelaySeconds", NOT_FOR_THIS_TYPE);
  return given;
}

function checkFifoId(id: string, parameter: string): void {
  if (FIFO_ID.test(id)) return;
  throw invalidValue(
    id,
    parameter,
    `${parameter} can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
  );
}
