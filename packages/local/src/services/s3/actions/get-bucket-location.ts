import type { Action } from "../../../kernel/service.ts";
import { requestedBucket } from "../bucket.ts";
import type { S3 } from "../s3.ts";

/** GetBucketLocation: its document is one text, empty for us-east-1. */
export function getBucketLocation({ world }: S3): Action {
  return (input) => {
    requestedBucket(world, input);
    return { LocationConstraint: world.region === "us-east-1" ? "" : world.region };
  };
}
