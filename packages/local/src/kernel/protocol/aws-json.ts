import type { Members, Service } from "../service.ts";
import { ServiceError } from "../service-error.ts";

/** Reads the body of an AWS JSON request. @throws SerializationException where it is not a JSON object */
export function parseJson(body: Buffer): Members {
  if (body.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(body.toString("utf8"));
  } catch (error) {
    throw new ServiceError("SerializationException", "The request's body is not JSON.", { cause: error });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ServiceError("SerializationException", "The request's body is not a JSON object.");
  }
  return value as Members;
}

/** The body of an error on the AWS JSON protocol. */
export function jsonError(service: Service | undefined, error: ServiceError): string {
  const namespace = service?.json?.errorNamespace;
  const type = namespace ? `${namespace}#${error.code}` : error.code;
  return JSON.stringify({ __type: type, message: error.message, ...error.members });
}
