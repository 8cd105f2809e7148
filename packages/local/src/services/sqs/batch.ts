import type { Members } from "../../kernel/service.ts";
import { ServiceError } from "../../kernel/service-error.ts";
import { simpleQueueServiceError } from "./errors.ts";

/** The most entries of a batch (SQS quotas, "Batched message"). */
const MOST_ENTRIES = 10;

/** The entries of a batch request. @throws EmptyBatchRequest, TooManyEntriesInBatchRequest, InvalidBatchEntryId or BatchEntryIdsNotDistinct */
export function readEntries(input: Members): Members[] {
  const entries = (Array.isArray(input["Entries"]) ? input["Entries"] : []) as Members[];
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
export function checkBatchBytes(bytes: number, most: number): void {
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

function batchError(code: string, message: string): ServiceError {
  return simpleQueueServiceError(code, message, code);
}
