import type { Members, World } from "../../../kernel/service.ts";
import { ServiceError } from "../../../kernel/service-error.ts";
import { invalidParameter, notServed } from "../errors.ts";
import { takesRecords } from "../functions/function-settings.ts";
import { integerWithin, oneOf, optionalBoolean, optionalStructure, optionalText, refuseOthers } from "../input.ts";
import { BATCH_MEMBERS, readBatchSettings } from "./batch-settings.ts";
import type { Mapping } from "./mapping.ts";
import { openShard } from "./stream-shard.ts";

/** What only a mapping on a stream has (developer guide, Lambda parameters for DynamoDB event source mappings). */
export interface StreamSettings {
  /** Where it begins while it has no checkpoint. */
  readonly startingPosition: "LATEST" | "TRIM_HORIZON";
  /** Retries after the first attempt; -1: until the records expire. @default -1 */
  readonly maximumRetryAttempts: number;
  /** Records that are older are discarded; -1: none is, before it expires. @default -1 */
  readonly maximumRecordAgeSeconds: number;
  /** Whether a batch whose invocation failed is halved, until one record is alone. @default false */
  readonly bisects: boolean;
  /** How many batches of a shard run at once; an item's records stay in order. @default 1 */
  readonly parallelizationFactor: number;
  /** The queue that is told of records that are discarded. */
  readonly onFailureArn: string | undefined;
}

const LONGEST_AGE_SECONDS = 604_800;
const SHORTEST_AGE_SECONDS = 60;
const MOST_RETRIES = 10_000;
const LARGEST_FACTOR = 10;

/** The members of a mapping on a stream that are carried out. Filters and tumbling windows are not. */
export const STREAM_MEMBERS: readonly string[] = [
  ...BATCH_MEMBERS,
  "BisectBatchOnFunctionError",
  "DestinationConfig",
  "MaximumRecordAgeInSeconds",
  "MaximumRetryAttempts",
  "ParallelizationFactor",
  "StartingPosition",
];

/** Reads the settings of a mapping on a stream. @throws ValidationException; InvalidParameterValueException */
export function readStreamMapping(input: Members, before: Mapping): Mapping {
  const known = before.stream;
  return {
    ...readBatchSettings(input, before),
    stream: {
      startingPosition: readStart(input, before),
      maximumRetryAttempts:
        integerWithin(input, "MaximumRetryAttempts", -1, MOST_RETRIES) ?? known?.maximumRetryAttempts ?? -1,
      maximumRecordAgeSeconds: readAge(input) ?? known?.maximumRecordAgeSeconds ?? -1,
      bisects: optionalBoolean(input, "BisectBatchOnFunctionError") ?? known?.bisects ?? false,
      parallelizationFactor:
        integerWithin(input, "ParallelizationFactor", 1, LARGEST_FACTOR) ?? known?.parallelizationFactor ?? 1,
      onFailureArn: readDestination(optionalStructure(input, "DestinationConfig"), known?.onFailureArn),
    },
  };
}

function readStart(input: Members, { stream, sourceArn }: Mapping): StreamSettings["startingPosition"] {
  const given = optionalText(input, "StartingPosition");
  if (stream) {
    if (given === undefined || given === stream.startingPosition) return stream.startingPosition;
    throw notServed("another StartingPosition of a mapping that is there: delete it and create another");
  }
  if (given === undefined) {
    throw invalidParameter(
      "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: Member must not be null.",
    );
  }
  const position = oneOf(given, "StartingPosition", ["LATEST", "AT_TIMESTAMP", "TRIM_HORIZON"]);
  // Only Kinesis has positions by time.
  if (position === "AT_TIMESTAMP") throw invalidParameter(`Unsupported starting position for arn type: ${sourceArn}`);
  return position;
}

function readAge(input: Members): number | undefined {
  const seconds = integerWithin(input, "MaximumRecordAgeInSeconds", -1, LONGEST_AGE_SECONDS);
  if (seconds === undefined || seconds === -1 || seconds >= SHORTEST_AGE_SECONDS) return seconds;
  throw invalidParameter(
    `MaximumRecordAgeInSeconds must be either -1 (forever) or between ${SHORTEST_AGE_SECONDS} and ${LONGEST_AGE_SECONDS} (inclusive)`,
  );
}

/** A config without a destination removes it, as on AWS. */
function readDestination(config: Members | undefined, before: string | undefined): string | undefined {
  if (!config) return before;
  if (config["OnSuccess"] !== undefined) {
    throw invalidParameter("Unsupported DestinationConfig parameter for given event source mapping type.");
  }
  refuseOthers(config, ["OnFailure"], "DestinationConfig");
  const arn = optionalText(optionalStructure(config, "OnFailure") ?? {}, "Destination");
  if (arn === undefined || takesRecords(arn)) return arn;
  throw notServed(`the destination ${arn}: it takes standard SQS queues and SNS topics`);
}

/** A mapping's stream settings as the API shows them (EventSourceMappingConfiguration). */
export function shownStreamSettings(settings: StreamSettings): Members {
  return {
    StartingPosition: settings.startingPosition,
    MaximumRetryAttempts: settings.maximumRetryAttempts,
    MaximumRecordAgeInSeconds: settings.maximumRecordAgeSeconds,
    BisectBatchOnFunctionError: settings.bisects,
    ParallelizationFactor: settings.parallelizationFactor,
    DestinationConfig: { OnFailure: settings.onFailureArn === undefined ? {} : { Destination: settings.onFailureArn } },
    TumblingWindowInSeconds: 0,
  };
}

/** @throws InvalidParameterValueException where the stream is not there */
export async function checkStreamMapping(world: World, { sourceArn }: Mapping): Promise<void> {
  await openShard(world, sourceArn).catch((error: unknown) => {
    throw error instanceof ServiceError ? invalidParameter(`Stream not found: ${sourceArn}`) : error;
  });
}
