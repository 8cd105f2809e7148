import { ServiceError } from "../../kernel/service-error.ts";

export function invalidValue(message: string): ServiceError {
  return new ServiceError("InvalidParameterValueException", message, { queryCode: "InvalidParameterValue" });
}

export function invalidCombination(message: string): ServiceError {
  return new ServiceError("InvalidParameterCombinationException", message, {
    queryCode: "InvalidParameterCombination",
  });
}

export function missing(member: string): ServiceError {
  return new ServiceError("MissingRequiredParameterException", `The parameter ${member} is required.`, {
    queryCode: "MissingParameter",
  });
}

export function notFound(message: string): ServiceError {
  return new ServiceError("ResourceNotFound", message, { status: 404 });
}

/** What the local region does not carry out, by name. */
export function notServed(what: string): ServiceError {
  return invalidValue(`The local region does not serve ${what}.`);
}
