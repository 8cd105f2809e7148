import type { Members } from "../../kernel/service.ts";
import type { Store } from "../../kernel/store.ts";
import type { Bucket } from "./bucket.ts";
import { algorithmOf } from "./checksums.ts";
import { invalidArgument } from "./errors.ts";
import { integerWithin, optionalText } from "./input.ts";
import { type ObjectSummary, quoted, readSummary } from "./object.ts";

/** The most keys of one page (ListObjectsV2, API reference). */
const LARGEST_PAGE = 1_000;

/** Behind every text that begins with what it is appended to: UTF-8 has no such byte. */
const LAST_BYTE: Buffer = Buffer.from([0xff]);

interface Page {
  readonly objects: readonly ObjectSummary[];
  readonly commonPrefixes: readonly string[];
  /** Where the next page begins, or undefined at the end: behind these bytes, and behind this key or prefix. */
  readonly next: { readonly after: Buffer; readonly name: string } | undefined;
}

export interface ListRequest {
  readonly prefix: string;
  readonly delimiter: string | undefined;
  readonly most: number;
  /** Writes a key as `encoding-type` asks. */
  readonly encode: (text: string) => string;
  /** What the answer repeats of the request. */
  readonly echo: Members;
}

/** @throws InvalidArgument */
export function readListRequest(input: Members): ListRequest {
  const encoding = optionalText(input, "EncodingType");
  if (encoding !== undefined && encoding !== "url") {
    throw invalidArgument("Invalid Encoding Method specified in Request", "encoding-type", encoding);
  }
  const encode = encoding === undefined ? (text: string) => text : encodeKey;
  const prefix = optionalText(input, "Prefix") ?? "";
  const delimiter = optionalText(input, "Delimiter");
  const most = Math.min(LARGEST_PAGE, integerWithin(input, "MaxKeys", 0, 2_147_483_647) ?? LARGEST_PAGE);
  const echo = {
    Name: input["Bucket"],
    Prefix: encode(prefix),
    Delimiter: delimiter && encode(delimiter),
    MaxKeys: most,
    EncodingType: encoding,
  };
  return { prefix, delimiter, most, encode, echo };
}

/** One page of a bucket's keys in the order of their UTF-8, those with a delimiter behind the prefix rolled up. */
export function listObjects(store: Store, bucket: Bucket, request: ListRequest, start: Buffer): Page {
  const { prefix, delimiter, most } = request;
  const objects: ObjectSummary[] = [];
  const commonPrefixes: string[] = [];
  let next = { after: start, name: "" };
  while (most > 0) {
    let group: string | undefined;
    for (const row of rowsAfter(store, bucket, prefix, next.after)) {
      if (objects.length + commonPrefixes.length === most) return { objects, commonPrefixes, next };
      const object = readSummary(row);
      group = rollUp(object.key, prefix, delimiter);
      if (group !== undefined) break;
      objects.push(object);
      next = { after: Buffer.from(object.key), name: object.key };
    }
    if (group === undefined) break;
    commonPrefixes.push(group);
    next = { after: afterPrefix(group), name: group };
  }
  return { objects, commonPrefixes, next: undefined };
}

/** Where a marker that names a key, or what keys are rolled up to, lets a page begin. */
export function afterMarker(marker: string, { prefix, delimiter }: ListRequest): Buffer {
  return rollUp(marker, prefix, delimiter) === marker ? afterPrefix(marker) : Buffer.from(marker);
}

/** Where what begins with a prefix ends. */
export function afterPrefix(prefix: string): Buffer {
  return Buffer.concat([Buffer.from(prefix), LAST_BYTE]);
}

function rowsAfter(store: Store, bucket: Bucket, prefix: string, after: Buffer): Iterable<Record<string, unknown>> {
  return store
    .statement(
      `SELECT key, etag, sizeBytes, modifiedAt, description FROM s3_object
       WHERE bucketId = ? AND key > CAST(? AS TEXT) AND key >= ? AND key < CAST(? AS TEXT) ORDER BY key`,
    )
    .iterate(bucket.id, after, prefix, afterPrefix(prefix));
}

/** What a key is rolled up to: up to and with the first delimiter behind the prefix. */
function rollUp(key: string, prefix: string, delimiter: string | undefined): string | undefined {
  const index = delimiter === undefined ? -1 : key.indexOf(delimiter, prefix.length);
  return index < 0 ? undefined : key.slice(0, index + (delimiter?.length ?? 0));
}

/** How an object is listed. */
export function listed(object: ObjectSummary, { encode }: ListRequest): Members {
  const { key, etag, sizeBytes, modifiedAt, description } = object;
  return {
    Key: encode(key),
    LastModified: new Date(modifiedAt).toISOString(),
    ETag: quoted(etag),
    ChecksumAlgorithm: algorithmOf(description),
    ChecksumType: description["ChecksumType"],
    Size: sizeBytes,
    StorageClass: description["StorageClass"] ?? "STANDARD",
  };
}

/** The encoding of keys in listings and in notifications: percent-encoding, a space as `+`, slashes kept. */
export function encodeKey(text: string): string {
  return encodeURIComponent(text).replaceAll("%20", "+").replaceAll("%2F", "/");
}
