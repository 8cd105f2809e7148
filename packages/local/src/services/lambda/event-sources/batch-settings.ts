import type { Members } from "../../../kernel/service.ts";
import { integerWithin, oneOf, optionalBoolean, texts } from "../input.ts";
import type { Mapping } from "./mapping.ts";

/** The limits of a batch and its window (CreateEventSourceMapping). */
const LARGEST_BATCH = 10_000;
const LONGEST_WINDOW_SECONDS = 300;

/** The members that mappings on queues and on streams share. */
export const BATCH_MEMBERS: readonly string[] = [
  "BatchSize",
  "Enabled",
  "FunctionResponseTypes",
  "MaximumBatchingWindowInSeconds",
];

/** Reads what mappings on queues and on streams share; what the input leaves out stays as it is. @throws ValidationException; InvalidParameterValueException */
export function readBatchSettings(input: Members, before: Mapping): Mapping {
  const responseTypes =
    input["FunctionResponseTypes"] === undefined ? undefined : texts(input, "FunctionResponseTypes");
  for (const type of responseTypes ?? []) oneOf(type, "FunctionResponseTypes", ["ReportBatchItemFailures"]);
  return {
    ...before,
    enabled: optionalBoolean(input, "Enabled") ?? before.enabled,
    batchSize: integerWithin(input, "BatchSize", 1, LARGEST_BATCH) ?? before.batchSize,
    windowSeconds:
      integerWithin(input, "MaximumBatchingWindowInSeconds", 0, LONGEST_WINDOW_SECONDS) ?? before.windowSeconds,
    reportsFailures: responseTypes ? responseTypes.length > 0 : before.reportsFailures,
  };
}
