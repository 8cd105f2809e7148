import { ServiceError } from "../../kernel/service-error.ts";

export function invalidParameter(message: string): ServiceError {
  return new ServiceError("InvalidParameterValueException", message);
}

/** `1 validation error detected: Value 'V' at 'm' failed to satisfy constraint: C` */
export function validationError(value: unknown, member: string, constraint: string): ServiceError {
  const at = member.charAt(0).toLowerCase() + member.slice(1);
  return new ServiceError(
    "ValidationException",
    `1 validation error detected: Value '${String(value)}' at '${at}' failed to satisfy constraint: ${constraint}`,
  );
}

export function notFound(message: string): ServiceError {
  return new ServiceError("ResourceNotFoundException", message, { status: 404 });
}

export function conflict(message: string): ServiceError {
  return new ServiceError("ResourceConflictException", message, { status: 409 });
}

/** What the local region does not carry out, by name. */
export function notServed(what: string): ServiceError {
  return invalidParameter(`The local region does not serve ${what}.`);
}

/** The refusal of an invocation beyond a concurrency limit. */
export function tooManyRequests(
  reason: "ConcurrentInvocationLimitExceeded" | "ReservedFunctionConcurrentInvocationLimitExceeded",
): ServiceError {
  return new ServiceError("TooManyRequestsException", "Rate Exceeded.", { status: 429, members: { Reason: reason } });
}

export function isThrottled(error: unknown): boolean {
  return error instanceof ServiceError && error.code === "TooManyRequestsException";
}
