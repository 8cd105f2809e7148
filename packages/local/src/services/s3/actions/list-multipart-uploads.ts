import type { Action } from "../../../kernel/service.ts";
import { ownerOf, requestedBucket } from "../bucket.ts";
import { integerWithin, optionalText } from "../input.ts";
import { afterPrefix } from "../listing.ts";
import type { S3 } from "../s3.ts";
import { readUpload } from "../upload.ts";

/** The most uploads of one page (ListMultipartUploads, API reference). */
const LARGEST_PAGE = 1_000;

/** ListMultipartUploads, by key. */
export function listMultipartUploads({ world }: S3): Action {
  return (input) => {
    const bucket = requestedBucket(world, input);
    const prefix = optionalText(input, "Prefix") ?? "";
    const KeyMarker = optionalText(input, "KeyMarker") ?? "";
    const UploadIdMarker = optionalText(input, "UploadIdMarker");
    const most = Math.min(LARGEST_PAGE, integerWithin(input, "MaxUploads", 1, 2_147_483_647) ?? LARGEST_PAGE);
    // Behind a key alone is behind all of its uploads; ids are hexadecimal.
    const uploads = world.store
      .statement(
        `SELECT * FROM s3_upload WHERE bucketId = ? AND (key, id) > (?, ?) AND key >= ? AND key < CAST(? AS TEXT)
         ORDER BY key, id LIMIT ?`,
      )
      .all(bucket.id, KeyMarker, UploadIdMarker ?? (KeyMarker ? "g" : ""), prefix, afterPrefix(prefix), most + 1)
      .map(readUpload);
    const page = uploads.slice(0, most);
    const last = uploads.length > most ? page.at(-1) : undefined;
    return {
      Bucket: bucket.name,
      KeyMarker,
      UploadIdMarker,
      NextKeyMarker: last?.key,
      NextUploadIdMarker: last?.id,
      Prefix: prefix,
      MaxUploads: most,
      IsTruncated: last !== undefined,
      Upload: page.map(({ id, key, startedAt, description }) => ({
        Key: key,
        UploadId: id,
        Initiator: ownerOf(world),
        Owner: ownerOf(world),
        StorageClass: description["StorageClass"] ?? "STANDARD",
        Initiated: new Date(startedAt).toISOString(),
        ChecksumAlgorithm: description["ChecksumAlgorithm"],
        ChecksumType: description["ChecksumType"],
      })),
    };
  };
}
