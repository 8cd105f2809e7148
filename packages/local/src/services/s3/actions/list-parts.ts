import type { Action } from "../../../kernel/service.ts";
import { ownerOf } from "../bucket.ts";
import { checksumMembers } from "../checksums.ts";
import { integerWithin } from "../input.ts";
import { quoted } from "../object.ts";
import type { S3 } from "../s3.ts";
import { partsOf, requestedUpload } from "../upload.ts";

/** The most parts of one page (ListParts, API reference). */
const LARGEST_PAGE = 1_000;

/** ListParts. */
export function listParts({ world }: S3): Action {
  return (input) => {
    const upload = requestedUpload(world, input);
    const after = integerWithin(input, "PartNumberMarker", 0, Number.MAX_SAFE_INTEGER) ?? 0;
    const most = Math.min(LARGEST_PAGE, integerWithin(input, "MaxParts", 0, Number.MAX_SAFE_INTEGER) ?? LARGEST_PAGE);
    const left = partsOf(world, upload).filter(({ number }) => number > after);
    const page = left.slice(0, most);
    const { ChecksumAlgorithm, ChecksumType, StorageClass = "STANDARD" } = upload.description;
    return {
      Bucket: input["Bucket"],
      Key: upload.key,
      UploadId: upload.id,
      Initiator: ownerOf(world),
      Owner: ownerOf(world),
      StorageClass,
      PartNumberMarker: after,
      NextPartNumberMarker: page.at(-1)?.number,
      MaxParts: most,
      IsTruncated: left.length > page.length,
      ChecksumAlgorithm,
      ChecksumType,
      Part: page.map(({ number, etag, sizeBytes, modifiedAt, checksum }) => ({
        PartNumber: number,
        LastModified: new Date(modifiedAt).toISOString(),
        ETag: quoted(etag),
        Size: sizeBytes,
        ...checksumMembers(checksum),
      })),
    };
  };
}
