import type { Action, Members } from "../../../kernel/service.ts";
import { algorithmNamed, algorithmOf, checksumMembers, isChecksumMember, verifiedChecksum } from "../checksums.ts";
import { decideRead } from "../conditions.ts";
import { encryptionMembers, readDescription, requireReadable } from "../description.ts";
import { invalidArgument, invalidRequest, preconditionFailed } from "../errors.ts";
import { optionalText } from "../input.ts";
import { quoted, type StoredObject } from "../object.ts";
import type { S3 } from "../s3.ts";
import { writeObject } from "../write-object.ts";
import { requestedObject } from "./get-object.ts";

/** CopyObject: the copy is a new object of one part, whatever its source was. */
export function copyObject(s3: S3): Action {
  return async (input, { requestId }) => {
    const source = requestedObject(s3, readCopySource(input));
    if (decideRead(input, source, "CopySource") === "not-modified") throw preconditionFailed("x-amz-copy-source");
    requireReadable(source);
    const replaced = describeCopy(input, source);
    const body = s3.blobs.read(source, 0, source.sizeBytes);
    const algorithm = optionalText(input, "ChecksumAlgorithm");
    const computed = verifiedChecksum(
      {},
      body,
      algorithm ? algorithmNamed(algorithm) : algorithmOf(source.description),
    );
    const checksum = checksumMembers(computed, "FULL_OBJECT");
    const description = { ...replaced, ...checksum };
    const copy = await writeObject(s3, input, body, description, { name: "ObjectCreated:Copy", requestId });
    const LastModified = new Date(copy.modifiedAt).toISOString();
    return { ETag: quoted(copy.etag), LastModified, ...checksum, ...encryptionMembers(description) };
  };
}

/** `bucket/key?versionId=…`, percent-encoded. @throws InvalidArgument */
function readCopySource(input: Members): Members {
  const given = optionalText(input, "CopySource") ?? "";
  const found = /^\/?(?<bucket>[^/?]+)\/(?<key>[^?]+)(?:\?versionId=(?<version>.*))?$/.exec(given)?.groups;
  try {
    if (!found) throw new Error("not bucket/key");
    return { Bucket: found["bucket"], Key: decodeURIComponent(found["key"] ?? ""), VersionId: found["version"] };
  } catch {
    throw invalidArgument(
      "Copy Source must mention the source bucket and key: sourcebucket/sourcekey",
      "x-amz-copy-source",
      given,
    );
  }
}

/** What describes the copy: its own description where the request replaces it, else its source's. @throws InvalidRequest */
function describeCopy(input: Members, source: StoredObject): Members {
  const replace = optionalText(input, "MetadataDirective") === "REPLACE";
  const given = readDescription(input);
  if (replace) return given;
  const { Bucket, Key } = readCopySource(input);
  const inPlace = Bucket === input["Bucket"] && Key === input["Key"];
  if (inPlace && given["StorageClass"] === source.description["StorageClass"] && !input["ServerSideEncryption"]) {
    throw invalidRequest(
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    );
  }
  const kept = Object.entries(source.description).filter(([name]) => !isChecksumMember(name));
  return { ...Object.fromEntries(kept), StorageClass: given["StorageClass"], ...encryptionMembers(given) };
}
