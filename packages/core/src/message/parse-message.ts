import type { StandardSchemaV1 } from "@standard-schema/spec";
import { ValidationFailure } from "../errors.ts";

/**
 * Parses an unwrapped body once, at the edge, to the schema's typed value.
 * @throws ValidationFailure that names each bad field. The body itself is not in the message.
 */
export function parseMessage<T>(schema: StandardSchemaV1<unknown, T>, value: unknown): Promise<T> | T {
  const validated = schema["~standard"].validate(value);
  return validated instanceof Promise ? validated.then(parsedValue) : parsedValue(validated);
}

function parsedValue<T>(result: StandardSchemaV1.Result<T>): T {
  if (result.issues) throw new ValidationFailure(`The body does not fit its schema: ${describeIssues(result.issues)}`);
  return result.value;
}

/** The most issues that a reason names; a body can be wrong in thousands of places. */
const MOST_ISSUES = 10;

/** Names each bad field. Without colons after a path: what stands there would be taken for a personal field's value. */
export function describeIssues(issues: readonly StandardSchemaV1.Issue[]): string {
  const named = issues.slice(0, MOST_ISSUES).map(({ path, message }) => `${describePath(path)} (${message})`);
  const left = issues.length - named.length;
  return named.join("; ") + (left > 0 ? `; and ${left} more` : "");
}

function describePath(path: StandardSchemaV1.Issue["path"]): string {
  const parts = (path ?? []).map((part) => String(typeof part === "object" ? part.key : part));
  return parts.length === 0 ? "the body" : parts.join(".");
}
