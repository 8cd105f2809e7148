import type { Members } from "../../kernel/service.ts";
import { isChecksumMember } from "./checksums.ts";
import { s3Error } from "./errors.ts";
import { optionalText } from "./input.ts";
import { type ObjectSummary, quoted } from "./object.ts";

const HEADERS = ["CacheControl", "ContentDisposition", "ContentLanguage", "ContentType", "Expires"] as const;
const ENCRYPTION = ["ServerSideEncryption", "SSEKMSKeyId", "BucketKeyEnabled"] as const;
const STORAGE_CLASSES: readonly string[] = [
  "STANDARD",
  "REDUCED_REDUNDANCY",
  "STANDARD_IA",
  "ONEZONE_IA",
  "INTELLIGENT_TIERING",
  "GLACIER_IR",
  "GLACIER",
  "DEEP_ARCHIVE",
];

/** The classes whose objects must be restored before they are read. */
const ARCHIVES: readonly unknown[] = ["GLACIER", "DEEP_ARCHIVE"];

/** The most user metadata, bytes (user guide, User-defined object metadata). */
const MOST_METADATA_BYTES = 2_048;

/** What a new object is described by, apart from its checksum. @throws InvalidStorageClass, MetadataTooLarge and their like */
export function readDescription(input: Members): Members {
  const acl = optionalText(input, "ACL");
  if (acl !== undefined && acl !== "bucket-owner-full-control") {
    throw s3Error("AccessControlListNotSupported", "The bucket does not allow ACLs");
  }
  return {
    ContentType: "binary/octet-stream",
    ...pick(input, HEADERS),
    ContentEncoding: contentEncoding(input),
    Metadata: readMetadata(input),
    StorageClass: storageClass(input),
    ...encryptionOf(input),
  };
}

/** The answer that describes an object; its checksum only where it is asked for. */
export function describeObject(found: ObjectSummary, withChecksum: boolean): Members {
  const members = Object.entries(found.description).filter(([name]) => withChecksum || !isChecksumMember(name));
  return {
    ...Object.fromEntries(members),
    AcceptRanges: "bytes",
    ETag: quoted(found.etag),
    LastModified: new Date(found.modifiedAt).toUTCString(),
    ContentLength: found.sizeBytes,
  };
}

/** @throws InvalidObjectState for an archived object, which S3 gives only after a restore */
export function requireReadable({ description }: ObjectSummary): void {
  const { StorageClass } = description;
  if (!ARCHIVES.includes(StorageClass)) return;
  throw s3Error("InvalidObjectState", "The operation is not valid for the object's storage class", 403, {
    StorageClass,
  });
}

/** The members that an answer repeats of how an object is encrypted. */
export function encryptionMembers(description: Members): Members {
  return pick(description, ENCRYPTION);
}

function pick(members: Members, names: readonly string[]): Members {
  return Object.fromEntries(names.map((name) => [name, members[name]]).filter(([, value]) => value !== undefined));
}

/** `aws-chunked` is how the body came, not how it is kept. */
function contentEncoding(input: Members): string | undefined {
  const encodings = (optionalText(input, "ContentEncoding") ?? "").split(",").map((each) => each.trim());
  return encodings.filter((each) => each !== "" && each !== "aws-chunked").join(",") || undefined;
}

function readMetadata(input: Members): Readonly<Record<string, string>> {
  const metadata = (input["Metadata"] ?? {}) as Readonly<Record<string, string>>;
  const bytes = Object.entries(metadata).reduce((sum, [name, value]) => sum + Buffer.byteLength(name + value), 0);
  if (bytes <= MOST_METADATA_BYTES) return metadata;
  throw s3Error("MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size", 400, {
    Size: bytes,
    MaxSizeAllowed: MOST_METADATA_BYTES,
  });
}

function storageClass(input: Members): string | undefined {
  const given = optionalText(input, "StorageClass") ?? "STANDARD";
  if (!STORAGE_CLASSES.includes(given)) {
    throw s3Error("InvalidStorageClass", "The storage class you specified is not valid", 400, {
      StorageClassRequested: given,
    });
  }
  return given === "STANDARD" ? undefined : given;
}

/** Kept and shown; nothing is encrypted. */
function encryptionOf(input: Members): Members {
  const asked = { ServerSideEncryption: "AES256", ...encryptionMembers(input) };
  if (["AES256", "aws:kms"].includes(asked.ServerSideEncryption)) return asked;
  throw s3Error("InvalidEncryptionAlgorithmError", "The encryption request that you specified is not valid.");
}
