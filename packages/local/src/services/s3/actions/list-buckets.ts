import type { Action } from "../../../kernel/service.ts";
import { ownerOf } from "../bucket.ts";
import type { S3 } from "../s3.ts";

/** ListBuckets, by name. */
export function listBuckets({ world }: S3): Action {
  return () => {
    const rows = world.store.statement("SELECT name, createdAt FROM s3_bucket ORDER BY name").all();
    const Bucket = rows.map(({ name, createdAt }) => ({
      Name: name,
      CreationDate: new Date(Number(createdAt)).toISOString(),
      BucketRegion: world.region,
    }));
    return { Owner: ownerOf(world), Buckets: { Bucket } };
  };
}
