import { ServiceError } from "../../kernel/service-error.ts";

export function invalidParameter(message: string): ServiceError {
  return new ServiceError("InvalidParameterException", message);
}

export function invalidPattern(pattern: string, why: string): ServiceError {
  return invalidParameter(`Invalid filter pattern ${pattern}: ${why}.`);
}

export function groupDoesNotExist(): ServiceError {
  return new ServiceError("ResourceNotFoundException", "The specified log group does not exist.");
}

export function streamDoesNotExist(): ServiceError {
  return new ServiceError("ResourceNotFoundException", "The specified log stream does not exist.");
}

export function alreadyExists(what: "group" | "stream"): ServiceError {
  return new ServiceError("ResourceAlreadyExistsException", `The specified log ${what} already exists`);
}
