import type { Action } from "../../../kernel/service.ts";
import type { S3 } from "../s3.ts";
import { forgetUpload, partsOf, requestedUpload } from "../upload.ts";
import { commitContent } from "../write-object.ts";

/** AbortMultipartUpload. */
export function abortMultipartUpload(s3: S3): Action {
  return (input) =>
    commitContent(s3, [], () => {
      const upload = requestedUpload(s3.world, input);
      const dropped = partsOf(s3.world, upload).map(({ blob }) => blob);
      forgetUpload(s3.world, upload);
      return { answer: {}, dropped };
    });
}
