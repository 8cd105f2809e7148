import type { Action } from "../../../kernel/service.ts";
import { removeBucket, requestedBucket } from "../bucket.ts";
import type { S3 } from "../s3.ts";

/** DeleteBucket, once it is empty. */
export function deleteBucket({ world }: S3): Action {
  return async (input) => {
    await world.store.transaction(() => removeBucket(world.store, requestedBucket(world, input)));
    return {};
  };
}
