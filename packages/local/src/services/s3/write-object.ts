import { createHash } from "node:crypto";
import type { Members } from "../../kernel/service.ts";
import { ServiceError } from "../../kernel/service-error.ts";
import type { Blob } from "./blobs.ts";
import { findBucket, requestedBucket } from "./bucket.ts";
import { requireWrite } from "./conditions.ts";
import { notify, type ObjectEvent } from "./event-record.ts";
import { requiredKey } from "./input.ts";
import { findObject, type ObjectSummary, replaceObject, type StoredObject } from "./object.ts";
import type { S3 } from "./s3.ts";

/** Writes a whole body as the object that a request names, if its conditions hold. */
export async function writeObject(
  s3: S3,
  input: Members,
  body: Uint8Array,
  description: Members,
  event: ObjectEvent,
): Promise<ObjectSummary> {
  const { store, clock } = s3.world;
  const key = requiredKey(input);
  const bucket = requestedBucket(s3.world, input);
  const atArrival = findObject(store, bucket, key)?.etag;
  // A write that cannot take effect is refused before its body costs a file; what counts is the check at the commit.
  requireWrite(input, key, { atArrival, now: atArrival });
  const content = await s3.blobs.keep(body);
  return commitContent(s3, content.blobs, () => {
    const etag = createHash("md5").update(body).digest("hex");
    const made = { ...content, key, etag, sizeBytes: body.byteLength, modifiedAt: clock.now(), description };
    return { answer: made, dropped: putInPlace(s3, input, made, atArrival, event) };
  });
}

/** Puts an object in the place of what is there, in a transaction of the caller's; returns the files that it replaced. */
export function putInPlace(
  s3: S3,
  input: Members,
  made: StoredObject,
  atArrival: string | undefined,
  event: ObjectEvent,
): readonly Blob[] {
  const { store } = s3.world;
  const bucket = requestedBucket(s3.world, input);
  requireWrite(input, made.key, { atArrival, now: findObject(store, bucket, made.key)?.etag });
  notify(s3, bucket, event, made);
  return replaceObject(store, bucket, made);
}

/** The entity tag that is at a request's key now, or undefined. */
export function currentEtag({ world }: S3, input: Members): string | undefined {
  const bucket = findBucket(world.store, String(input["Bucket"]));
  return bucket && findObject(world.store, bucket, requiredKey(input))?.etag;
}

/**
 * Commits a change of what the rows say about files: afterwards those that it dropped are removed, and those that were written
 * for it where it is refused. After a failure of the store nobody knows which of them count: then the next start removes the rest.
 */
export async function commitContent<T>(
  { world, blobs, outbox }: S3,
  written: readonly Blob[],
  change: () => { readonly answer: T; readonly dropped: readonly Blob[] },
): Promise<T> {
  try {
    const { answer, dropped } = await world.store.transaction(change);
    outbox.wake();
    await blobs.remove(dropped);
    return answer;
  } catch (error) {
    if (error instanceof ServiceError && error.status < 500) await blobs.remove(written);
    throw error;
  }
}
