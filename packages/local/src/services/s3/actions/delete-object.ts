import type { Action, Members } from "../../../kernel/service.ts";
import type { Blob } from "../blobs.ts";
import { requestedBucket } from "../bucket.ts";
import { requireWrite } from "../conditions.ts";
import { notify } from "../event-record.ts";
import { requiredKey } from "../input.ts";
import { findObject, refuseVersion, removeObject } from "../object.ts";
import type { S3 } from "../s3.ts";
import { commitContent } from "../write-object.ts";

/** DeleteObject: one that is not there is deleted just as well. */
export function deleteObject(s3: S3): Action {
  return (input, { requestId }) =>
    commitContent(s3, [], () => ({ answer: {}, dropped: deleteInPlace(s3, input, requestId) }));
}

/** Deletes the object that a request names, in a transaction of the caller's; returns its files. */
export function deleteInPlace(s3: S3, input: Members, requestId: string): readonly Blob[] {
  const { store } = s3.world;
  const bucket = requestedBucket(s3.world, input);
  const key = requiredKey(input);
  refuseVersion(input);
  const now = findObject(store, bucket, key)?.etag;
  requireWrite(input, key, { atArrival: now, now });
  const removed = removeObject(store, bucket, key);
  if (removed) notify(s3, bucket, { name: "ObjectRemoved:Delete", requestId }, removed);
  return removed?.blobs ?? [];
}
