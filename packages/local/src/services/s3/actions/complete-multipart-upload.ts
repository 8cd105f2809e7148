import { createHash } from "node:crypto";
import { elements } from "../../../kernel/protocol/rest-xml.ts";
import type { Action, Members } from "../../../kernel/service.ts";
import { checksumMembers, checksumOfParts, givenChecksum, isChecksumMember } from "../checksums.ts";
import { encryptionMembers } from "../description.ts";
import { badDigest, invalidRequest, malformedXml, s3Error } from "../errors.ts";
import { structure } from "../input.ts";
import { quoted, type StoredObject, unquoted } from "../object.ts";
import type { S3 } from "../s3.ts";
import { checksumPlan, forgetUpload, type Part, partsOf, requestedUpload, type Upload } from "../upload.ts";
import { commitContent, currentEtag, putInPlace } from "../write-object.ts";

/** The least size of every part but the last, bytes (user guide, Multipart upload limits). */
const LEAST_PART_BYTES = 5 * 1_024 * 1_024;

/** The largest object, bytes: it is read into memory to be answered. */
const LARGEST_OBJECT_BYTES = 1_024 ** 3;

/** CompleteMultipartUpload: the object takes over the files of its parts, so it is there at once or not at all. */
export function completeMultipartUpload(s3: S3): Action {
  return (input, { requestId }) => {
    const { world } = s3;
    const { Part: listed, Parts: named } = structure(input["CompleteMultipartUpload"]);
    const asked = elements(listed ?? named).map(structure);
    if (asked.length === 0) throw malformedXml();
    const atArrival = currentEtag(s3, input);
    return commitContent(s3, [], () => {
      const upload = requestedUpload(world, input);
      const parts = partsOf(world, upload);
      const chosen = chooseParts(asked, parts, upload);
      const made = assemble(input, upload, chosen, world.clock.now());
      const event = { name: "ObjectCreated:CompleteMultipartUpload", requestId };
      const replaced = putInPlace(s3, input, made, atArrival, event);
      forgetUpload(world, upload);
      const unused = parts.filter((part) => !chosen.includes(part)).map(({ blob }) => blob);
      return { answer: describeResult(s3, input, made), dropped: [...replaced, ...unused] };
    });
  };
}

/** @throws InvalidPartOrder, InvalidPart, EntityTooSmall, EntityTooLarge, InvalidRequest */
function chooseParts(asked: readonly Members[], parts: readonly Part[], upload: Upload): Part[] {
  const numbers = asked.map(({ PartNumber }) => Number(PartNumber));
  if (numbers.some((number, index) => index > 0 && number <= (numbers[index - 1] ?? 0))) {
    throw s3Error(
      "InvalidPartOrder",
      "The list of parts was not in ascending order. Parts must be ordered by part number.",
    );
  }
  const chosen = asked.map((each) => choosePart(each, parts, upload));
  const small = chosen.slice(0, -1).find(({ sizeBytes }) => sizeBytes < LEAST_PART_BYTES);
  if (small) {
    throw s3Error("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size", 400, {
      ProposedSize: small.sizeBytes,
      MinSizeAllowed: LEAST_PART_BYTES,
      PartNumber: small.number,
      ETag: small.etag,
    });
  }
  const bytes = chosen.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  if (bytes <= LARGEST_OBJECT_BYTES) return chosen;
  const message = `Your proposed upload exceeds the maximum allowed size: the local region keeps objects of up to ${LARGEST_OBJECT_BYTES} bytes.`;
  throw s3Error("EntityTooLarge", message, 400, { ProposedSize: bytes, MaxSizeAllowed: LARGEST_OBJECT_BYTES });
}

function choosePart(asked: Members, parts: readonly Part[], upload: Upload): Part {
  const { algorithm, type } = checksumPlan(upload);
  const number = Number(asked["PartNumber"]);
  const part = parts.find((each) => each.number === number);
  const checksum = asked[`Checksum${algorithm}`];
  if (checksum === undefined && type === "COMPOSITE") {
    throw invalidRequest(
      `The upload was created using a ${algorithm.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part ${number} in the request.`,
    );
  }
  const differs = checksum !== undefined && checksum !== part?.checksum.value;
  if (part && unquoted(String(asked["ETag"])) === part.etag && !differs) return part;
  const message =
    "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.";
  throw s3Error("InvalidPart", message, 400, { UploadId: upload.id, PartNumber: number, ETag: asked["ETag"] });
}

function assemble(input: Members, upload: Upload, parts: readonly Part[], modifiedAt: number): StoredObject {
  const { algorithm, type } = checksumPlan(upload);
  const sums = parts.map(({ checksum, sizeBytes }) => ({ value: checksum.value, bytes: sizeBytes }));
  const checksum = checksumOfParts(algorithm, type, sums);
  const given = givenChecksum(input);
  if (given && given.algorithm === algorithm && given.value !== checksum.value) throw badDigest(algorithm);
  const sizeBytes = sums.reduce((sum, { bytes }) => sum + bytes, 0);
  const digests = Buffer.concat(parts.map(({ etag }) => Buffer.from(etag, "hex")));
  const described = Object.entries(upload.description).filter(([name]) => !isChecksumMember(name));
  return {
    key: upload.key,
    etag: `${createHash("md5").update(digests).digest("hex")}-${parts.length}`,
    sizeBytes,
    modifiedAt,
    description: { ...Object.fromEntries(described), ...checksumMembers(checksum, type) },
    blobs: parts.map(({ blob }) => blob),
    body: null,
  };
}

function describeResult({ world }: S3, input: Members, { key, etag, description }: StoredObject): Members {
  const Bucket = String(input["Bucket"]);
  const checksum = Object.entries(description).filter(([name]) => isChecksumMember(name));
  return {
    Location: `${world.endpoint()}/${Bucket}/${encodeURIComponent(key)}`,
    Bucket,
    Key: key,
    ETag: quoted(etag),
    ...Object.fromEntries(checksum),
    ...encryptionMembers(description),
  };
}
