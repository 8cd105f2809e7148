import type { Members, World } from "../../kernel/service.ts";
import type { Store } from "../../kernel/store.ts";
import { noSuchBucket, s3Error } from "./errors.ts";
import { optionalText } from "./input.ts";

export interface Bucket {
  readonly id: number;
  readonly name: string;
  readonly createdAt: number;
  /** Configurations by their root element, as on the wire; null is one that was deleted. */
  readonly settings: Readonly<Record<string, Members | null>>;
}

/** General purpose bucket naming rules of the user guide. */
const BUCKET_NAME = /^(?=.{3,63}$)(?!xn--|sthree-|amzn-s3-demo-)[a-z0-9](?:[a-z0-9-]|\.(?!\.))*[a-z0-9]$/;
const RESERVED_ENDING = /(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/;
const IP_ADDRESS = /^\d+\.\d+\.\d+\.\d+$/;

/** The bucket that a request names. @throws NoSuchBucket; AccessDenied where the caller expects another owner */
export function requestedBucket({ store, accountId }: World, input: Members): Bucket {
  const name = optionalText(input, "Bucket") ?? "";
  const owner = optionalText(input, "ExpectedBucketOwner");
  const bucket = findBucket(store, name);
  if (!bucket) throw noSuchBucket(name);
  if (owner !== undefined && owner !== accountId) throw s3Error("AccessDenied", "Access Denied", 403);
  return bucket;
}

export function findBucket(store: Store, name: string): Bucket | undefined {
  const row = store.statement("SELECT * FROM s3_bucket WHERE name = ?").get(name);
  return row && ({ ...row, settings: JSON.parse(String(row["settings"])) } as unknown as Bucket);
}

/** Makes a bucket, in a transaction of the caller's. @throws InvalidBucketName */
export function insertBucket({ store, clock }: World, name: string): void {
  if (!BUCKET_NAME.test(name) || RESERVED_ENDING.test(name) || IP_ADDRESS.test(name)) {
    throw s3Error("InvalidBucketName", "The specified bucket is not valid.", 400, { BucketName: name });
  }
  store.statement("INSERT INTO s3_bucket (name, createdAt, settings) VALUES (?, ?, '{}')").run(name, clock.now());
}

/** Removes a bucket and its unfinished uploads, whose files go at the next start. @throws BucketNotEmpty */
export function removeBucket(store: Store, { id, name }: Bucket): void {
  if (store.statement("SELECT 1 FROM s3_object WHERE bucketId = ? LIMIT 1").get(id)) {
    throw s3Error("BucketNotEmpty", "The bucket you tried to delete is not empty", 409, { BucketName: name });
  }
  store.statement("DELETE FROM s3_part WHERE uploadId IN (SELECT id FROM s3_upload WHERE bucketId = ?)").run(id);
  store.statement("DELETE FROM s3_upload WHERE bucketId = ?").run(id);
  store.statement("DELETE FROM s3_bucket WHERE id = ?").run(id);
}

/** Changes some of a bucket's configurations, in a transaction of the caller's; undefined brings back what a new bucket has. */
export function changeSettings(
  store: Store,
  bucket: Bucket,
  changes: Record<string, Members | null | undefined>,
): void {
  const settings = JSON.stringify({ ...bucket.settings, ...changes });
  store.statement("UPDATE s3_bucket SET settings = ? WHERE id = ?").run(settings, bucket.id);
}

/** Who owns every bucket and object. */
export function ownerOf({ accountId }: World): Members {
  return { ID: accountId.padStart(64, "0"), DisplayName: "local" };
}

export function bucketArn(name: string): string {
  return `arn:aws:s3:::${name}`;
}
