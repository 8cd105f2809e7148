import { ServiceError } from "../../kernel/service-error.ts";

/** `Invalid parameter: P`, the code that SNS gives for most of what it refuses. */
export function invalidParameter(what: string): ServiceError {
  return new ServiceError("InvalidParameter", `Invalid parameter: ${what}`);
}

/** What is wrong with a message attribute. */
export function invalidParameterValue(message: string): ServiceError {
  return new ServiceError("ParameterValueInvalid", message);
}

export function notFound(what: string): ServiceError {
  return new ServiceError("NotFound", `${what} does not exist`, { status: 404 });
}

/** Refuses what AWS has and the local region does not. */
export function notServed(what: string): ServiceError {
  return invalidParameter(`the local region does not serve ${what}`);
}

/** An error of a whole batch. */
export function batchError(code: string, message: string): ServiceError {
  return new ServiceError(code, message);
}
