import type { Consumer } from "../consumer.ts";
import { PermanentFailure } from "../errors.ts";
import type { ConsumePorts } from "../ports.ts";
import { inTime } from "../until-aborted.ts";
import { decryptFields } from "./decrypt-fields.ts";
import { readEnvelope, type S3Pointer } from "./envelope.ts";
import { openEvent } from "./open-event.ts";
import { openNotification } from "./open-notification.ts";
import { parseBody } from "./parse-body.ts";
import type { ReceivedMessage } from "./received-message.ts";
import { extendedClientPointer } from "./s3-pointer.ts";

/** A message without its wrapping. */
export interface Unwrapped {
  /** The body, as JSON says it. */
  readonly value: unknown;
  /** The message with that body as its text, and with the attributes of what wrapped it; where nothing did, the message itself. */
  readonly read: ReceivedMessage;
}

interface Content {
  readonly value: unknown;
  readonly body: string;
  readonly attributes?: ReceivedMessage["attributes"];
}

/**
 * Takes a message out of its wrapping: a large body comes from S3, an SNS notification or an EventBridge event is opened,
 * encrypted fields are decrypted; where there is nothing of that, without any waiting. What a claim hashes and a handler sees is
 * what is inside, which is equal for equal messages.
 * @throws BadPayloadFailure where the message is not wrapped as the consumer says, PermanentFailure where a body is in S3 and there
 * is no port `bodies`, and what the ports throw.
 */
export function unwrap<T>(
  consumer: Consumer<T>,
  message: ReceivedMessage,
  ports: ConsumePorts,
  signal: AbortSignal,
): Promise<Unwrapped> | Unwrapped {
  const pointer = readEnvelope(message)?.s3;
  if (!pointer && consumer.envelope === "none" && consumer.encryptedFields.length === 0) {
    const value = parseBody(message.body);
    if (!extendedClientPointer(value)) return { value, read: message };
  }
  return open(consumer, message, pointer, ports, signal);
}

async function open<T>(
  consumer: Consumer<T>,
  message: ReceivedMessage,
  pointer: S3Pointer | undefined,
  ports: ConsumePorts,
  signal: AbortSignal,
): Promise<Unwrapped> {
  const fetch = (to: S3Pointer): Promise<string> => fetchBody(to, ports, signal);
  const outer = await readContent(pointer ? await fetch(pointer) : message.body, "The body", fetch);
  const { value, body, attributes } = await openEnvelope(consumer.envelope, outer, fetch);
  const read =
    body === message.body ? message : { ...message, body, attributes: { ...attributes, ...message.attributes } };
  return consumer.encryptedFields.length === 0
    ? { value, read }
    : decryptFields(consumer.encryptedFields, { value, read }, ports, signal);
}

type Fetch = (pointer: S3Pointer) => Promise<string>;

/** Once only: what a body in S3 points to is not followed. */
async function readContent(text: string, what: string, fetch: Fetch): Promise<Content> {
  const value = parseBody(text, what);
  const pointer = extendedClientPointer(value);
  if (!pointer) return { value, body: text };
  const body = await fetch(pointer);
  return { value: parseBody(body, "The body in S3"), body };
}

async function openEnvelope(envelope: Consumer<unknown>["envelope"], outer: Content, fetch: Fetch): Promise<Content> {
  switch (envelope) {
    case "none":
      return outer;
    case "sns": {
      const { message, attributes } = openNotification(outer.value);
      return { ...(await readContent(message, "The SNS message", fetch)), attributes };
    }
    case "eventbridge": {
      const { detail, attributes } = openEvent(outer.value);
      return { value: detail, body: JSON.stringify(detail), attributes };
    }
  }
}

function fetchBody({ bucket, key }: S3Pointer, { bodies }: ConsumePorts, signal: AbortSignal): Promise<string> {
  if (bodies) return inTime("The store of large bodies", () => bodies.get(bucket, key), signal);
  const fix =
    "set `largeBodies` of the Consumer construct, or add `bodies: s3Bodies({ buckets: […] })` of @reliq/aws/s3 to the consumer's ports.";
  throw new PermanentFailure(`The body is in S3 (bucket ${bucket}), and the consumer has no port \`bodies\`: ${fix}`);
}
