import type { Members, World } from "../../kernel/service.ts";
import type { Blob } from "./blobs.ts";
import { requestedBucket } from "./bucket.ts";
import { type Algorithm, algorithmOf, type Checksum, type ChecksumType } from "./checksums.ts";
import { s3Error } from "./errors.ts";
import { optionalText, requiredKey } from "./input.ts";

/** The highest number of a part (user guide, Multipart upload limits). */
export const MOST_PARTS = 10_000;

/** An object on its way, in parts. */
export interface Upload {
  readonly id: string;
  readonly key: string;
  readonly startedAt: number;
  /** What the object will be described by. */
  readonly description: Members;
}

export interface Part {
  readonly number: number;
  readonly etag: string;
  readonly sizeBytes: number;
  readonly modifiedAt: number;
  readonly checksum: Checksum;
  readonly blob: Blob;
}

/** The upload that a request names by its bucket, key and id. @throws NoSuchUpload */
export function requestedUpload(world: World, input: Members): Upload {
  const bucket = requestedBucket(world, input);
  const row = world.store
    .statement("SELECT * FROM s3_upload WHERE id = ? AND bucketId = ? AND key = ?")
    .get(optionalText(input, "UploadId") ?? "", bucket.id, requiredKey(input));
  if (row) return readUpload(row);
  const message =
    "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.";
  throw s3Error("NoSuchUpload", message, 404, { UploadId: input["UploadId"] });
}

export function readUpload(row: Record<string, unknown>): Upload {
  return { ...row, description: JSON.parse(String(row["description"])) } as unknown as Upload;
}

/** The parts that an upload has, by number. */
export function partsOf({ store }: World, { id }: Upload): Part[] {
  const rows = store.statement("SELECT * FROM s3_part WHERE uploadId = ? ORDER BY number").all(id);
  return rows.map((row) => {
    const { checksum, blob } = row;
    return { ...row, checksum: JSON.parse(String(checksum)), blob: JSON.parse(String(blob)) } as unknown as Part;
  });
}

/** Forgets an upload and its parts, in a transaction of the caller's. */
export function forgetUpload({ store }: World, { id }: Upload): void {
  store.statement("DELETE FROM s3_part WHERE uploadId = ?").run(id);
  store.statement("DELETE FROM s3_upload WHERE id = ?").run(id);
}

/** How the parts of an upload are checked, and how the object will be. */
export function checksumPlan({ description }: Upload): { algorithm: Algorithm; type: ChecksumType } {
  return {
    algorithm: (description["ChecksumAlgorithm"] as Algorithm | undefined) ?? algorithmOf({}),
    type: (description["ChecksumType"] as ChecksumType | undefined) ?? "FULL_OBJECT",
  };
}
