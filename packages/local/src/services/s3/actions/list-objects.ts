import type { Action } from "../../../kernel/service.ts";
import { ownerOf, requestedBucket } from "../bucket.ts";
import { optionalText } from "../input.ts";
import { afterMarker, listObjects as list, listed, readListRequest } from "../listing.ts";
import type { S3 } from "../s3.ts";

/** ListObjects, the first version: its pages go on behind a key, or behind what was rolled up. */
export function listObjects({ world }: S3): Action {
  return (input) => {
    const bucket = requestedBucket(world, input);
    const request = readListRequest(input);
    const { delimiter, encode, echo } = request;
    const marker = optionalText(input, "Marker") ?? "";
    const { objects, commonPrefixes, next } = list(world.store, bucket, request, afterMarker(marker, request));
    return {
      ...echo,
      Marker: encode(marker),
      NextMarker: next && delimiter !== undefined ? encode(next.name) : undefined,
      IsTruncated: next !== undefined,
      Contents: objects.map((each) => ({ ...listed(each, request), Owner: ownerOf(world) })),
      CommonPrefixes: commonPrefixes.map((each) => ({ Prefix: encode(each) })),
    };
  };
}
