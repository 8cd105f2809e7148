import type { Members, World } from "../../../kernel/service.ts";
import { ServiceError } from "../../../kernel/service-error.ts";
import { invalidParameter } from "../errors.ts";
import type { FunctionRecord } from "../functions/function-record.ts";
import { integerWithin, optionalStructure, refuseOthers } from "../input.ts";
import { BATCH_MEMBERS, readBatchSettings } from "./batch-settings.ts";
import type { Mapping } from "./mapping.ts";
import { openQueue } from "./sqs-queue.ts";

/** The limits of a batch on a queue (CreateEventSourceMapping). */
const LARGEST_FIFO_BATCH = 10;
const LARGEST_BATCH_WITHOUT_WINDOW = 10;

/** The members of a mapping on a queue that are carried out. Filters are not: they delete what they reject, without a trace. */
export const SQS_MEMBERS: readonly string[] = [...BATCH_MEMBERS, "ScalingConfig"];

/** Reads the settings of a mapping on a queue. @throws ValidationException; InvalidParameterValueException */
export function readSqsMapping(input: Members, before: Mapping): Mapping {
  const mapping: Mapping = {
    ...readBatchSettings(input, before),
    maximumConcurrency: readConcurrency(optionalStructure(input, "ScalingConfig"), before),
  };
  checkBatch(mapping);
  return mapping;
}

/** An empty ScalingConfig removes the maximum, as on AWS. */
function readConcurrency(config: Members | undefined, before: Mapping): number | undefined {
  if (!config) return before.maximumConcurrency;
  refuseOthers(config, ["MaximumConcurrency"], "ScalingConfig");
  return integerWithin(config, "MaximumConcurrency", 2, 1_000);
}

function checkBatch({ sourceArn, batchSize, windowSeconds }: Mapping): void {
  const fifo = sourceArn.endsWith(".fifo");
  if (fifo && batchSize > LARGEST_FIFO_BATCH) {
    throw invalidParameter(`Batch size of FIFO queues must be less than or equal to ${LARGEST_FIFO_BATCH}.`);
  }
  if (fifo && windowSeconds > 0) throw invalidParameter("Batching window is not supported for FIFO queues.");
  if (batchSize > LARGEST_BATCH_WITHOUT_WINDOW && windowSeconds < 1) {
    throw invalidParameter(
      "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10.",
    );
  }
}

/** @throws InvalidParameterValueException where the queue is not there, or its visibility timeout is below the function's timeout */
export async function checkSqsMapping(world: World, { sourceArn }: Mapping, record: FunctionRecord): Promise<void> {
  const visibilitySeconds = await openQueue(world, sourceArn)
    .then((queue) => queue.visibilitySeconds())
    .catch((error: unknown) => {
      if (!(error instanceof ServiceError)) throw error;
      throw invalidParameter(
        `Error occurred while ReceiveMessage. SQS Error Code: ${error.queryCode}. SQS Error Message: ${error.message}`,
      );
    });
  if (visibilitySeconds < record.timeoutSeconds) {
    throw invalidParameter(
      `Queue visibility timeout: ${visibilitySeconds} seconds is less than Function timeout: ${record.timeoutSeconds} seconds`,
    );
  }
}
