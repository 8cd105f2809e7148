import type { Members } from "./service.ts";
import { ServiceError } from "./service-error.ts";

/** The most entries of a batch (the quotas of SQS, "Batched message", and of SNS, PublishBatch). */
const MOST_ENTRIES = 10;

/** Makes a service's own error of a code that the services share. */
export type BatchError = (code: string, message: string) => ServiceError;

/** The entries of a batch request. @throws EmptyBatchRequest, TooManyEntriesInBatchRequest, InvalidBatchEntryId or BatchEntryIdsNotDistinct */
export function readEntries(input: Members, member: string, batchError: BatchError): Members[] {
  const entries = (Array.isArray(input[member]) ? input[member] : []) as Members[];
  if (entries.length === 0) throw batchError("EmptyBatchRequest", "There should be at least one entry in the request.");
  if (entries.length > MOST_ENTRIES) {
    throw batchError(
      "TooManyEntriesInBatchRequest",
      `Maximum number of entries per request are ${MOST_ENTRIES}. You have sent ${entries.length}.`,
    );
  }
  const ids = new Set<unknown>();
  for (const { Id: id } of entries) {
    if (typeof id !== "string" || !/^[\w-]{1,80}$/.test(id)) {
      throw batchError(
        "InvalidBatchEntryId",
        "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.",
      );
    }
    if (ids.has(id)) throw batchError("BatchEntryIdsNotDistinct", `Id ${id} repeated.`);
    ids.add(id);
  }
  return entries;
}

/** @throws BatchRequestTooLong */
export function checkBatchBytes(bytes: number, most: number, batchError: BatchError): void {
  if (bytes <= most) return;
  throw batchError(
    "BatchRequestTooLong",
    `Batch requests cannot be longer than ${most} bytes. You have sent ${bytes} bytes.`,
  );
}

/** Carries out each entry alone: what one refuses fails that one, and the answer says so. */
export function eachEntry(entries: readonly Members[], carryOut: (entry: Members) => Members): Members {
  const successful: Members[] = [];
  const failed: Members[] = [];
  for (const entry of entries) {
    const id = entry["Id"];
    try {
      successful.push({ Id: id, ...carryOut(entry) });
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      failed.push({ Id: id, SenderFault: error.status < 500, Code: error.queryCode, Message: error.message });
    }
  }
  return {
    ...(successful.length > 0 && { Successful: successful }),
    ...(failed.length > 0 && { Failed: failed }),
  };
}
