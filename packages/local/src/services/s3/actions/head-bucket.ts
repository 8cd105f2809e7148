import type { Action } from "../../../kernel/service.ts";
import { requestedBucket } from "../bucket.ts";
import type { S3 } from "../s3.ts";

/** HeadBucket. */
export function headBucket({ world }: S3): Action {
  return (input) => {
    requestedBucket(world, input);
    return { BucketRegion: world.region };
  };
}
