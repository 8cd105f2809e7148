import { ServiceError } from "../../kernel/service-error.ts";

type ErrorMembers = Readonly<Record<string, unknown>>;

/** An error of S3 with its HTTP status and the further elements of its body (S3 API reference, List of error codes). */
export function s3Error(code: string, message: string, status = 400, members: ErrorMembers = {}): ServiceError {
  return new ServiceError(code, message, { status, members });
}

export function invalidArgument(message: string, name: string, value: unknown): ServiceError {
  return s3Error("InvalidArgument", message, 400, { ArgumentName: name, ArgumentValue: value });
}

export function invalidRequest(message: string): ServiceError {
  return s3Error("InvalidRequest", message);
}

export function malformedXml(): ServiceError {
  return s3Error(
    "MalformedXML",
    "The XML you provided was not well-formed or did not validate against our published schema",
  );
}

/** What the local region does not carry out, by name. */
export function notImplemented(what: string): ServiceError {
  return s3Error("NotImplemented", `The local region does not serve ${what}.`, 501);
}

/** S3's own refusal of a header that it does not carry out on an action. */
export function unsupportedHeader(name: string): ServiceError {
  const message = `A header you provided implies functionality that is not implemented: ${name}`;
  return s3Error("NotImplemented", message, 501, { Header: name });
}

export function noSuchBucket(name: string): ServiceError {
  return s3Error("NoSuchBucket", "The specified bucket does not exist", 404, { BucketName: name });
}

export function noSuchKey(key: string): ServiceError {
  return s3Error("NoSuchKey", "The specified key does not exist.", 404, { Key: key });
}

export function preconditionFailed(condition: string): ServiceError {
  const message = "At least one of the pre-conditions you specified did not hold";
  return s3Error("PreconditionFailed", message, 412, { Condition: condition });
}

export function badDigest(name: string): ServiceError {
  return s3Error("BadDigest", `The ${name} you specified did not match the calculated checksum.`);
}
