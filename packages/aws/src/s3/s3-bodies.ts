import type { GetObjectCommandOutput, S3Client } from "@aws-sdk/client-s3";
import {
  checkOptions,
  DependencyFailure,
  type LargeBodies,
  largeBodies,
  type OptionChecks,
  PermanentFailure,
} from "@reliq/core";
import { loadS3 } from "./load-s3.ts";

/** Which bodies are read, and how. */
export interface S3BodiesOptions {
  /** The buckets that messages may point to. Who can send to the queue chooses the pointer, but not beyond these. */
  readonly buckets: readonly string[];
  /** A larger body is refused: it has to fit in memory, a whole batch of them. @default 16,777,216 (16 MiB) */
  readonly largestBytes?: number;
  /** How long one body may take. @default 10 */
  readonly timeoutSeconds?: number;
  /** @default a client from the environment */
  readonly client?: S3Client;
}

const CHECKS: OptionChecks<S3BodiesOptions> = {
  buckets: (value) =>
    Array.isArray(value) && value.length > 0 && value.every((bucket) => typeof bucket === "string" && bucket !== "")
      ? undefined
      : "a list of bucket names, at least one",
  largestBytes: (value) =>
    value === undefined || (Number.isInteger(value) && Number(value) > 0)
      ? undefined
      : "a whole number of bytes over 0",
  timeoutSeconds: (value) =>
    value === undefined || (typeof value === "number" && value > 0 && value <= 900)
      ? undefined
      : "a number of seconds over 0, at most 900",
  client: (value) =>
    value === undefined || typeof (value as S3Client | null)?.send === "function" ? undefined : "an S3Client",
};

/**
 * Reads large bodies from S3: the port `bodies`. A missing object is retryable. Needs `s3:GetObject`, and `s3:ListBucket`,
 * without which S3 answers for a missing object that access is denied.
 * @throws ReliqError `s3-bodies-option` that names an unknown or wrong option, its value and what it takes.
 */
export function s3Bodies(options: S3BodiesOptions): LargeBodies {
  checkOptions("s3Bodies()", "s3-bodies-option", options, CHECKS);
  const { buckets, largestBytes = 16_777_216, timeoutSeconds = 10 } = options;
  let { client } = options;
  return largeBodies({
    get: async (bucket, key) => {
      if (!buckets.includes(bucket)) {
        throw new PermanentFailure(
          `The message points to the bucket ${bucket}, which is not one of s3Bodies({ buckets }).`,
        );
      }
      const abortSignal = AbortSignal.timeout(timeoutSeconds * 1_000);
      client ??= new (await loadS3()).S3Client({});
      const { Body, ContentLength = 0 } = await getObject(client, bucket, key, abortSignal);
      if (ContentLength <= largestBytes) return (await Body?.transformToString()) ?? "";
      (Body as { destroy?: () => void } | undefined)?.destroy?.();
      throw new PermanentFailure(
        `The body in S3 has ${ContentLength} bytes; s3Bodies() takes at most ${largestBytes}.`,
      );
    },
  });
}

async function getObject(
  client: S3Client,
  Bucket: string,
  Key: string,
  abortSignal: AbortSignal,
): Promise<GetObjectCommandOutput> {
  try {
    const { GetObjectCommand } = await loadS3();
    return await client.send(new GetObjectCommand({ Bucket, Key }), { abortSignal });
  } catch (error) {
    if ((error as Error).name !== "NoSuchKey") throw error;
    throw new DependencyFailure(`The body of the message is not in S3: no object ${Key} in ${Bucket}.`, {
      cause: error,
    });
  }
}
