import { inTime } from "../until-aborted.ts";
import type { S3Pointer } from "./envelope.ts";
import { parseBody } from "./parse-body.ts";
import type { Unwrapped } from "./unwrap.ts";

/** Where bodies are that were too large to send. */
export interface Bodies {
  /**
   * Reads an object of S3 as text. A message can name any bucket: refuse those that are not yours.
   * @throws what makes the attempt on the message fail; retryable where the object may be there later.
   */
  get(bucket: string, key: string): Promise<string>;
}

/** What a consumer needs for messages whose bodies are elsewhere. A port, so that the bundle of a consumer which has none has nothing of it. */
export interface LargeBodies extends Bodies {
  /**
   * Puts the body that is pointed to, by the message's envelope or by its body itself, in the place of the pointer; undefined where none is.
   * @throws what `get` throws, BadPayloadFailure for a body that is not JSON.
   */
  fetch(content: Unwrapped, pointer: S3Pointer | undefined, signal: AbortSignal): Promise<Unwrapped> | undefined;
}

/** Makes the consumer's port `bodies` of where they are: it follows the pointers of Reliq's producers and of the SQS Extended Client Libraries. */
export function largeBodies(bodies: Bodies): LargeBodies {
  return {
    get: (bucket, key) => bodies.get(bucket, key),
    fetch: (content, pointer, signal) => {
      const to = pointer ?? extendedClientPointer(content.value);
      return to && fetchBody(bodies, content, to, signal);
    },
  };
}

/** The classes that the SQS Extended Client Libraries name in a pointer: today's, and the one until version 1.1 of the library for Java. */
const POINTER_CLASSES: ReadonlySet<unknown> = new Set([
  "software.amazon.payloadoffloading.PayloadS3Pointer",
  "com.amazon.sqs.javamessaging.MessageS3Pointer",
]);

/** Where the body is of which an SQS Extended Client has left only a pointer; undefined for any other body. */
export function extendedClientPointer(value: unknown): S3Pointer | undefined {
  if (!Array.isArray(value) || value.length !== 2 || !POINTER_CLASSES.has(value[0])) return undefined;
  const { s3BucketName: bucket, s3Key: key } = (value[1] ?? {}) as { s3BucketName?: unknown; s3Key?: unknown };
  return typeof bucket === "string" && bucket !== "" && typeof key === "string" && key !== ""
    ? { bucket, key }
    : undefined;
}

async function fetchBody(
  bodies: Bodies,
  { read }: Unwrapped,
  { bucket, key }: S3Pointer,
  signal: AbortSignal,
): Promise<Unwrapped> {
  const body = await inTime("The store of large bodies", () => bodies.get(bucket, key), signal);
  return { value: parseBody(body, "The body in S3"), read: { ...read, body } };
}
