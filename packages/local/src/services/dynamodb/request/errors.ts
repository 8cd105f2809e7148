import { ServiceError } from "../../../kernel/service-error.ts";
import type { Item } from "../values/attribute-value.ts";

/** The request is malformed, or asks for what the table does not allow. */
export function validationError(message: string): ServiceError {
  return new ServiceError("ValidationException", message);
}

/** A value of the wrong JSON type. */
export function serializationError(message: string): ServiceError {
  return new ServiceError("SerializationException", message);
}

/** The table is missing, as actions on items say it. */
export function tableNotFound(): ServiceError {
  return new ServiceError("ResourceNotFoundException", "Requested resource not found");
}

/** A condition did not hold; `item` is shown where the caller asked for it. */
export function conditionFailed(item?: Item): ServiceError {
  return new ServiceError("ConditionalCheckFailedException", "The conditional request failed", {
    members: item ? { Item: item } : {},
  });
}
