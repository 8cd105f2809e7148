import { randomUUID } from "node:crypto";
import type { Action } from "../../../kernel/service.ts";
import { requestedBucket } from "../bucket.ts";
import { algorithmNamed, uploadChecksumType } from "../checksums.ts";
import { encryptionMembers, readDescription } from "../description.ts";
import { optionalText, requiredKey } from "../input.ts";
import type { S3 } from "../s3.ts";

/** CreateMultipartUpload. */
export function createMultipartUpload({ world }: S3): Action {
  return (input) =>
    world.store.transaction(() => {
      const bucket = requestedBucket(world, input);
      const key = requiredKey(input);
      const algorithm = optionalText(input, "ChecksumAlgorithm");
      const ChecksumAlgorithm = algorithm === undefined ? undefined : algorithmNamed(algorithm);
      const type = optionalText(input, "ChecksumType");
      const checksum = ChecksumAlgorithm && {
        ChecksumAlgorithm,
        ChecksumType: uploadChecksumType(ChecksumAlgorithm, type),
      };
      const description = { ...readDescription(input), ...checksum };
      const UploadId = randomUUID();
      world.store
        .statement("INSERT INTO s3_upload (id, bucketId, key, startedAt, description) VALUES (?, ?, ?, ?, ?)")
        .run(UploadId, bucket.id, key, world.clock.now(), JSON.stringify(description));
      return { Bucket: bucket.name, Key: key, UploadId, ...checksum, ...encryptionMembers(description) };
    });
}
