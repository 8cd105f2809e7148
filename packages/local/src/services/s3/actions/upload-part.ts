import { createHash } from "node:crypto";
import type { Action, Members } from "../../../kernel/service.ts";
import { type Checksum, checksumMembers, givenChecksum, verifiedChecksum } from "../checksums.ts";
import { invalidArgument, invalidRequest } from "../errors.ts";
import { bytesOf, integerWithin } from "../input.ts";
import { quoted } from "../object.ts";
import type { S3 } from "../s3.ts";
import { checksumPlan, MOST_PARTS, partsOf, requestedUpload, type Upload } from "../upload.ts";
import { commitContent } from "../write-object.ts";

/** UploadPart: a part that is sent again takes the place of the first. */
export function uploadPart(s3: S3): Action {
  return async (input) => {
    const { world, blobs } = s3;
    const number = integerWithin(input, "PartNumber", 1, MOST_PARTS);
    if (number === undefined) throw invalidArgument("A part number is required", "partNumber", undefined);
    const body = bytesOf(input);
    const { kept, answered } = checkPart(input, body, requestedUpload(world, input));
    const etag = createHash("md5").update(body).digest("hex");
    const blob = await blobs.write(body);
    return commitContent(s3, [blob], () => {
      const upload = requestedUpload(world, input);
      const replaced = partsOf(world, upload).filter((part) => part.number === number);
      world.store
        .statement("INSERT OR REPLACE INTO s3_part VALUES (?, ?, ?, ?, ?, ?, ?)")
        .run(upload.id, number, etag, body.byteLength, world.clock.now(), JSON.stringify(kept), JSON.stringify(blob));
      const answer = { ETag: quoted(etag), ...checksumMembers(answered) };
      return { answer, dropped: replaced.map((part) => part.blob) };
    });
  };
}

/** The checksum that the upload keeps of a part, and the one that the client gave or gets. */
function checkPart(input: Members, body: Uint8Array, upload: Upload): { kept: Checksum; answered: Checksum } {
  const { algorithm } = checksumPlan(upload);
  const given = givenChecksum(input);
  if (given && upload.description["ChecksumAlgorithm"] !== undefined && given.algorithm !== algorithm) {
    throw invalidRequest(
      `Checksum Type mismatch occurred, expected checksum Type: ${algorithm.toLowerCase()}, actual checksum Type: ${given.algorithm.toLowerCase()}`,
    );
  }
  const answered = verifiedChecksum(input, body, algorithm);
  return { answered, kept: answered.algorithm === algorithm ? answered : verifiedChecksum({}, body, algorithm) };
}
