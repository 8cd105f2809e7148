import type { Members } from "../../kernel/service.ts";
import type { Store } from "../../kernel/store.ts";
import type { Blob, Content } from "./blobs.ts";
import type { Bucket } from "./bucket.ts";
import { invalidArgument, noSuchKey } from "./errors.ts";
import { optionalText } from "./input.ts";

/** An object without its body. */
export interface ObjectSummary {
  readonly key: string;
  /** Without quotes. */
  readonly etag: string;
  readonly sizeBytes: number;
  readonly modifiedAt: number;
  /** What HeadObject answers, by member. */
  readonly description: Members;
}

export type StoredObject = ObjectSummary & Content;

/** There are no versions: an object's only one is `null`. @throws InvalidArgument */
export function refuseVersion(input: Members): void {
  const version = optionalText(input, "VersionId") ?? "null";
  if (version !== "null") throw invalidArgument("Invalid version id specified", "versionId", version);
}

/** @throws NoSuchKey */
export function existingObject(store: Store, bucket: Bucket, key: string): StoredObject {
  const found = findObject(store, bucket, key);
  if (!found) throw noSuchKey(key);
  return found;
}

export function findObject(store: Store, bucket: Bucket, key: string): StoredObject | undefined {
  const row = store.statement("SELECT * FROM s3_object WHERE bucketId = ? AND key = ?").get(bucket.id, key);
  if (!row) return undefined;
  return { ...readSummary(row), blobs: JSON.parse(String(row["blobs"])), body: row["body"] as Uint8Array | null };
}

export function readSummary(row: Record<string, unknown>): ObjectSummary {
  return { ...row, description: JSON.parse(String(row["description"])) } as unknown as ObjectSummary;
}

/** Writes an object over what is there, and returns the files that no row names any more. */
export function replaceObject(store: Store, bucket: Bucket, made: StoredObject): readonly Blob[] {
  const replaced = findObject(store, bucket, made.key)?.blobs ?? [];
  const { key, etag, sizeBytes, modifiedAt, description, blobs, body } = made;
  store
    .statement("INSERT OR REPLACE INTO s3_object VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
    .run(bucket.id, key, etag, sizeBytes, modifiedAt, JSON.stringify(description), JSON.stringify(blobs), body);
  return replaced;
}

/** Removes an object, and returns it, or undefined where there is none. */
export function removeObject(store: Store, bucket: Bucket, key: string): StoredObject | undefined {
  const found = findObject(store, bucket, key);
  store.statement("DELETE FROM s3_object WHERE bucketId = ? AND key = ?").run(bucket.id, key);
  return found;
}

export function quoted(etag: string): string {
  return `"${etag}"`;
}

export function unquoted(etag: string): string {
  return etag.replace(/^"|"$/g, "");
}
