import type { Action } from "../../../kernel/service.ts";
import { decideRead } from "../conditions.ts";
import { optionalText } from "../input.ts";
import { readRange } from "../range.ts";
import type { S3 } from "../s3.ts";
import { notModified, objectHeaders, requestedObject } from "./get-object.ts";

/** HeadObject: what GetObject answers, without the body. */
export function headObject(s3: S3): Action {
  return (input) => {
    const found = requestedObject(s3, input);
    if (decideRead(input, found) === "not-modified") return notModified(found);
    return objectHeaders(input, found, readRange(optionalText(input, "Range"), found.sizeBytes));
  };
}
