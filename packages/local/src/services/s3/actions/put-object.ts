import type { Action } from "../../../kernel/service.ts";
import { checksumMembers, verifiedChecksum } from "../checksums.ts";
import { encryptionMembers, readDescription } from "../description.ts";
import { bytesOf } from "../input.ts";
import { quoted } from "../object.ts";
import type { S3 } from "../s3.ts";
import { writeObject } from "../write-object.ts";

/** PutObject. */
export function putObject(s3: S3): Action {
  return async (input, { requestId }) => {
    const body = bytesOf(input);
    const checksum = checksumMembers(verifiedChecksum(input, body), "FULL_OBJECT");
    const description = { ...readDescription(input), ...checksum };
    const { etag } = await writeObject(s3, input, body, description, { name: "ObjectCreated:Put", requestId });
    return { ETag: quoted(etag), ...checksum, ...encryptionMembers(description) };
  };
}
