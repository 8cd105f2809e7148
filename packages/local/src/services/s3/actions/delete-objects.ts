import { elements } from "../../../kernel/protocol/rest-xml.ts";
import type { Action, Members } from "../../../kernel/service.ts";
import { ServiceError } from "../../../kernel/service-error.ts";
import type { Blob } from "../blobs.ts";
import { requestedBucket } from "../bucket.ts";
import { malformedXml } from "../errors.ts";
import { structure } from "../input.ts";
import type { S3 } from "../s3.ts";
import { commitContent } from "../write-object.ts";
import { deleteInPlace } from "./delete-object.ts";

/** The most keys of one request (DeleteObjects, API reference). */
const MOST_KEYS = 1_000;

/** DeleteObjects: each key has its own outcome. */
export function deleteObjects(s3: S3): Action {
  return (input, { requestId }) => {
    const { Object: listed, Objects: named, Quiet } = structure(input["Delete"]);
    const objects = elements(listed ?? named).map(structure);
    if (objects.length === 0 || objects.length > MOST_KEYS) throw malformedXml();
    return commitContent(s3, [], () => {
      const { name: Bucket } = requestedBucket(s3.world, input);
      const dropped: Blob[] = [];
      const outcomes = objects.map((each) => {
        try {
          const condition = { IfMatch: each["ETag"] };
          dropped.push(
            ...deleteInPlace(s3, { Bucket, Key: each["Key"], VersionId: each["VersionId"], ...condition }, requestId),
          );
          return { deleted: { Key: each["Key"], VersionId: each["VersionId"] } };
        } catch (error) {
          return { error: refusalOf(each, error) };
        }
      });
      const Deleted = outcomes.flatMap(({ deleted }) => (deleted && String(Quiet) !== "true" ? [deleted] : []));
      return { answer: { Deleted, Error: outcomes.flatMap(({ error }) => error ?? []) }, dropped };
    });
  };
}

/** @throws what is no refusal of S3's, which undoes the whole request */
function refusalOf({ Key }: Members, error: unknown): Members {
  if (error instanceof ServiceError) return { Key, Code: error.code, Message: error.message };
  throw error;
}
