import type { Action, Members } from "../../../kernel/service.ts";
import { requestedBucket } from "../bucket.ts";
import { decideRead } from "../conditions.ts";
import { describeObject, requireReadable } from "../description.ts";
import { invalidArgument } from "../errors.ts";
import { optionalText, requiredKey } from "../input.ts";
import { existingObject, refuseVersion, type StoredObject } from "../object.ts";
import { type ByteRange, readRange } from "../range.ts";
import type { S3 } from "../s3.ts";

/** The headers of an answer that a request may set (`response-content-type` and its like). */
const OVERRIDES = [
  "CacheControl",
  "ContentDisposition",
  "ContentEncoding",
  "ContentLanguage",
  "ContentType",
  "Expires",
];

/** GetObject. */
export function getObject({ world, blobs }: S3): Action {
  return (input) => {
    const found = requestedObject({ world }, input);
    if (decideRead(input, found) === "not-modified") return notModified(found);
    requireReadable(found);
    const range = readRange(optionalText(input, "Range"), found.sizeBytes);
    const { start, end } = range ?? { start: 0, end: found.sizeBytes };
    return { ...objectHeaders(input, found, range), Body: blobs.read(found, start, end) };
  };
}

/** The object that a request names. @throws NoSuchBucket, NoSuchKey, InvalidArgument */
export function requestedObject({ world }: Pick<S3, "world">, input: Members): StoredObject {
  refuseVersion(input);
  return existingObject(world.store, requestedBucket(world, input), requiredKey(input));
}

/** The members of a read, the body apart; the checksum is the whole object's, so a range has none. */
export function objectHeaders(input: Members, found: StoredObject, range: ByteRange | undefined): Members {
  const withChecksum = optionalText(input, "ChecksumMode") === "ENABLED" && range === undefined;
  const overrides = OVERRIDES.map((name) => [name, overriding(input, `Response${name}`)]);
  return {
    ...describeObject(found, withChecksum),
    ...Object.fromEntries(overrides.filter(([, value]) => value !== undefined)),
    ...(range && {
      ContentLength: range.end - range.start,
      ContentRange: `bytes ${range.start}-${range.end - 1}/${found.sizeBytes}`,
    }),
  };
}

function overriding(input: Members, name: string): string | undefined {
  const value = optionalText(input, name);
  if (value === undefined || /^[\t -~\u0080-\u00ff]*$/.test(value)) return value;
  throw invalidArgument("Header value cannot be represented using ISO-8859-1.", name, value);
}

/** What a client learns of an object that it has already. */
export function notModified(found: StoredObject): Members {
  const { ETag, LastModified, CacheControl, Expires } = describeObject(found, false);
  return { NotModified: true, ETag, LastModified, CacheControl, Expires };
}
