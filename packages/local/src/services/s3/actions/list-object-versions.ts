import type { Action } from "../../../kernel/service.ts";
import { ownerOf, requestedBucket } from "../bucket.ts";
import { optionalText } from "../input.ts";
import { afterMarker, listed, listObjects, readListRequest } from "../listing.ts";
import type { S3 } from "../s3.ts";

/** ListObjectVersions: each object is its one version, `null`, as in any bucket that never had versions. */
export function listObjectVersions({ world }: S3): Action {
  return (input) => {
    const bucket = requestedBucket(world, input);
    const request = readListRequest(input);
    const keyMarker = optionalText(input, "KeyMarker") ?? "";
    const { objects, commonPrefixes, next } = listObjects(
      world.store,
      bucket,
      request,
      afterMarker(keyMarker, request),
    );
    return {
      ...request.echo,
      KeyMarker: request.encode(keyMarker),
      IsTruncated: next !== undefined,
      NextKeyMarker: next && request.encode(next.name),
      NextVersionIdMarker: next && "null",
      Version: objects.map((each) => ({
        ...listed(each, request),
        VersionId: "null",
        IsLatest: true,
        Owner: ownerOf(world),
      })),
      CommonPrefixes: commonPrefixes.map((each) => ({ Prefix: request.encode(each) })),
    };
  };
}
