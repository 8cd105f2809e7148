import { hash } from "node:crypto";
import type { S3Client } from "@aws-sdk/client-s3";
import { checkOptions, LARGEST_BATCH_BYTES, type OptionChecks } from "@reliq/core";
import type { ClaimCheck } from "../producer/store-large-bodies.ts";
import { loadS3 } from "./load-s3.ts";

/** Where large bodies are kept. */
export interface ClaimCheckOptions {
  /** Its lifecycle must keep objects longer than the queue and its dead-letter queue keep messages. */
  readonly bucket: string;
  /** What keys begin with. @default "bodies/" */
  readonly prefix?: string;
  /** A message with more bytes than this, attributes included, leaves its body in S3. @default 1,048,576 (the most that SQS takes) */
  readonly overBytes?: number;
  /** @default a client from the environment */
  readonly client?: S3Client;
}

const CHECKS: OptionChecks<ClaimCheckOptions> = {
  bucket: (value) => (typeof value === "string" && value !== "" ? undefined : "the name of a bucket"),
  prefix: (value) => (value === undefined || typeof value === "string" ? undefined : "a text"),
  overBytes: (value) =>
    value === undefined || (Number.isInteger(value) && Number(value) >= 0 && Number(value) <= LARGEST_BATCH_BYTES)
      ? undefined
      : `a whole number of bytes from 0 to ${LARGEST_BATCH_BYTES}`,
  client: (value) =>
    value === undefined || typeof (value as S3Client | null)?.send === "function" ? undefined : "an S3Client",
};

/**
 * Keeps large bodies in S3 under the SHA-256 of their content: a repeat is the same object. Needs `s3:PutObject`.
 * @throws ReliqError `claim-check-option` that names an unknown or wrong option, its value and what it takes.
 */
export function claimCheck(options: ClaimCheckOptions): ClaimCheck {
  checkOptions("claimCheck()", "claim-check-option", options, CHECKS);
  const { bucket, prefix = "bodies/", overBytes = LARGEST_BATCH_BYTES } = options;
  let { client } = options;
  return {
    overBytes,
    store: async (body) => {
      const key = `${prefix}${hash("sha256", body)}`;
      const { PutObjectCommand, S3Client } = await loadS3();
      client ??= new S3Client({});
      await client.send(
        new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: "application/json" }),
      );
      return { bucket, key };
    },
  };
}
