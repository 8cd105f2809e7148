import { ServiceError } from "../../kernel/service-error.ts";

/** Why a parameter of FIFO queues is refused on a standard queue, and the other way round. */
export const NOT_FOR_THIS_TYPE = "The request include parameter that is not valid for this queue type.";

/** `The request must contain the parameter X.` */
export function missingParameter(name: string): ServiceError {
  return new ServiceError("MissingRequiredParameterException", `The request must contain the parameter ${name}.`, {
    queryCode: "MissingParameter",
  });
}

/** The code that SQS gives for any parameter out of its rules. */
export function invalidParameter(message: string): ServiceError {
  return new ServiceError("InvalidParameterValueException", message, { queryCode: "InvalidParameterValue" });
}

/** `Value V for parameter P is invalid. Reason: R` */
export function invalidValue(value: unknown, parameter: string, reason: string): ServiceError {
  return invalidParameter(`Value ${String(value)} for parameter ${parameter} is invalid. Reason: ${reason}`);
}

export function unknownAttribute(name: string): ServiceError {
  return new ServiceError("InvalidAttributeName", `Unknown Attribute ${name}.`);
}

export function invalidAttributeValue(name: string, reason?: string): ServiceError {
  return new ServiceError(
    "InvalidAttributeValue",
    `Invalid value for the parameter ${name}.${reason ? ` Reason: ${reason}` : ""}`,
  );
}

export function queueDoesNotExist(): ServiceError {
  return simpleQueueServiceError("QueueDoesNotExist", "The specified queue does not exist.", "NonExistentQueue");
}

export function queueNameExists(attribute: string): ServiceError {
  return new ServiceError(
    "QueueNameExists",
    `A queue already exists with the same name and a different value for attribute ${attribute}`,
    { queryCode: "QueueAlreadyExists" },
  );
}

export function purgeInProgress(queueName: string): ServiceError {
  return simpleQueueServiceError(
    "PurgeQueueInProgress",
    `Only one PurgeQueue operation on ${queueName} is allowed every 60 seconds.`,
    "PurgeQueueInProgress",
    403,
  );
}

export function receiptHandleIsInvalid(handle: string): ServiceError {
  return new ServiceError(
    "ReceiptHandleIsInvalid",
    `The input receipt handle "${handle}" is not a valid receipt handle.`,
    {
      status: 404,
    },
  );
}

export function receiptHandleExpired(handle: string): ServiceError {
  return invalidValue(handle, "ReceiptHandle", "The receipt handle has expired.");
}

export function overLimit(limit: number): ServiceError {
  return new ServiceError("OverLimit", `Too many messages in flight: a queue can have ${limit}.`, { status: 403 });
}

export function invalidMessageContents(what: string): ServiceError {
  return new ServiceError(
    "InvalidMessageContents",
    `Invalid characters found in ${what}. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF.`,
  );
}

export function resourceNotFound(message: string): ServiceError {
  return new ServiceError("ResourceNotFoundException", message, { status: 404 });
}

/** An error of a whole batch. */
export function batchError(code: string, message: string): ServiceError {
  return simpleQueueServiceError(code, message, code);
}

/** An error whose Query code has the prefix `AWS.SimpleQueueService.`. */
function simpleQueueServiceError(code: string, message: string, queryCode: string, status = 400): ServiceError {
  return new ServiceError(code, message, { queryCode: `AWS.SimpleQueueService.${queryCode}`, status });
}
