import type { S3Pointer } from "./envelope.ts";

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
