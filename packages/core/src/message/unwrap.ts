import type { Consumer } from "../consumer.ts";
import { PermanentFailure } from "../errors.ts";
import type { ConsumePorts } from "../ports.ts";
import { readEnvelope } from "./envelope.ts";
import type { LargeBodies } from "./large-bodies.ts";
import { parseBody } from "./parse-body.ts";
import type { ReceivedMessage } from "./received-message.ts";

/** A message without its wrapping. */
export interface Unwrapped {
  /** The body, as JSON says it. */
  readonly value: unknown;
  /** The message with that body as its text, and with the attributes of what wrapped it; where nothing did, the message itself. */
  readonly read: ReceivedMessage;
}

/**
 * Takes a message out of its wrapping: a large body comes from S3, the consumer's envelope is opened, encrypted fields are decrypted; where
 * there is nothing of that, without any waiting. What a claim hashes and a handler sees is what is inside, which is equal for equal messages.
 * @throws BadPayloadFailure where the message is not wrapped as the consumer says, PermanentFailure where Reliq's producer has left the body in
 * S3 and there is no port `bodies`, and what the ports throw.
 */
export function unwrap<T>(
  consumer: Consumer<T>,
  message: ReceivedMessage,
  { bodies }: ConsumePorts,
  signal: AbortSignal,
): Promise<Unwrapped> | Unwrapped {
  const content = { value: parseBody(message.body), read: message };
  const pointer = readEnvelope(message)?.s3;
  if (pointer && !bodies) {
    const fix = "set `largeBodies` on its Consumer construct, or give `s3Bodies(…)` of @reliq/aws/s3.";
    throw new PermanentFailure(`The body is in S3, and the consumer's ports lack \`bodies\`: ${fix}`);
  }
  const fetched = bodies?.fetch(content, pointer, signal);
  const isWrapped = fetched || consumer.envelope || consumer.encryptedFields;
  return isWrapped ? open(consumer, fetched ?? content, bodies, signal) : content;
}

async function open<T>(
  { envelope, encryptedFields }: Consumer<T>,
  outer: Promise<Unwrapped> | Unwrapped,
  bodies: LargeBodies | undefined,
  signal: AbortSignal,
): Promise<Unwrapped> {
  let inner = await outer;
  if (envelope) {
    const { value, body, attributes } = envelope(inner.value);
    inner = { value, read: { ...inner.read, body, attributes: { ...attributes, ...inner.read.attributes } } };
    inner = (await bodies?.fetch(inner, undefined, signal)) ?? inner;
  }
  return encryptedFields ? encryptedFields.open(inner, signal) : inner;
}
