import type { Outcome } from "../../../runtime/outcome.ts";

/**
 * The messages of a batch that an invocation failed. Where the function reports failures: an empty report is full success,
 * and one that cannot be read or names what the batch does not have is full failure
 * (developer guide, implementing partial batch responses, success and failure conditions).
 */
export function failedMessages(
  outcome: Outcome,
  messageIds: readonly string[],
  reportsFailures: boolean,
): readonly string[] {
  if (outcome.kind !== "success") return messageIds;
  if (!reportsFailures) return [];
  return reportedFailures(JSON.parse(outcome.payload), messageIds) ?? messageIds;
}

function reportedFailures(answer: unknown, messageIds: readonly string[]): readonly string[] | undefined {
  if (answer === null || (Array.isArray(answer) && answer.length === 0)) return [];
  if (typeof answer !== "object" || Array.isArray(answer)) return undefined;
  const failures = (answer as { readonly batchItemFailures?: unknown }).batchItemFailures ?? [];
  if (!Array.isArray(failures)) return undefined;
  const ids = failures.map((failure) => failure?.itemIdentifier);
  return ids.every((id) => messageIds.includes(id)) ? ids : undefined;
}
