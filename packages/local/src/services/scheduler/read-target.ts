import type { Members } from "../../kernel/service.ts";
import { isTarget } from "../../schedules/deliver.ts";
import type { Target } from "../../schedules/schedule.ts";
import { integerWithin, invalid, optionalText, refuseOthers, requiredText, structure } from "./input.ts";

/** What a target without a retry policy has, and the most that one can ask for (both services' API references). */
const MOST_RETRIES = 185;
const LONGEST_AGE_SECONDS = 86_400;

/** Reads a target, as schedules and rules name it. @param served its members beside the common ones @throws ValidationException */
export function readTarget(target: Members, served: readonly string[]): Target {
  refuseOthers(
    target,
    ["Arn", "DeadLetterConfig", "Input", "RetryPolicy", "RoleArn", "SqsParameters", ...served],
    "a target",
  );
  const arn = requiredText(target, "Arn");
  if (!isTarget(arn))
    throw invalid(`The local region does not serve the target ${arn}: only functions, queues and topics.`);
  const retry = structure(target, "RetryPolicy");
  const sqs = structure(target, "SqsParameters");
  refuseOthers(retry, ["MaximumEventAgeInSeconds", "MaximumRetryAttempts"], "RetryPolicy");
  const input = optionalText(target, "Input");
  const messageGroupId = optionalText(sqs, "MessageGroupId");
  const deadLetterArn = optionalText(structure(target, "DeadLetterConfig"), "Arn");
  return {
    arn,
    mostRetries: integerWithin(retry, "MaximumRetryAttempts", 0, MOST_RETRIES) ?? MOST_RETRIES,
    longestAgeSeconds: integerWithin(retry, "MaximumEventAgeInSeconds", 60, LONGEST_AGE_SECONDS) ?? LONGEST_AGE_SECONDS,
    ...(input !== undefined && { input }),
    ...(messageGroupId !== undefined && { messageGroupId }),
    ...(deadLetterArn !== undefined && { deadLetterArn }),
  };
}
