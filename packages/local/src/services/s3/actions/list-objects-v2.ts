import type { Action, Members } from "../../../kernel/service.ts";
import { ownerOf, requestedBucket } from "../bucket.ts";
import { invalidArgument } from "../errors.ts";
import { optionalText } from "../input.ts";
import { listed, listObjects, readListRequest } from "../listing.ts";
import type { S3 } from "../s3.ts";

/** ListObjectsV2. */
export function listObjectsV2({ world }: S3): Action {
  return (input) => {
    const bucket = requestedBucket(world, input);
    const request = readListRequest(input);
    const startAfter = optionalText(input, "StartAfter");
    const token = optionalText(input, "ContinuationToken");
    const start = token === undefined ? Buffer.from(startAfter ?? "") : readToken(token);
    const { objects, commonPrefixes, next } = listObjects(world.store, bucket, request, start);
    const owner: Members = optionalText(input, "FetchOwner") === "true" ? { Owner: ownerOf(world) } : {};
    return {
      ...request.echo,
      KeyCount: objects.length + commonPrefixes.length,
      IsTruncated: next !== undefined,
      ContinuationToken: token,
      NextContinuationToken: next?.after.toString("base64url"),
      StartAfter: startAfter && request.encode(startAfter),
      Contents: objects.map((each) => ({ ...listed(each, request), ...owner })),
      CommonPrefixes: commonPrefixes.map((each) => ({ Prefix: request.encode(each) })),
    };
  };
}

function readToken(token: string): Buffer {
  const after = Buffer.from(token, "base64url");
  if (after.length > 0 && after.toString("base64url") === token) return after;
  throw invalidArgument("The continuation token provided is incorrect", "continuation-token", token);
}
