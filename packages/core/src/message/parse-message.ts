import type { StandardSchemaV1 } from "@standard-schema/spec";
import { BadPayloadFailure, ValidationFailure } from "../errors.ts";
import type { ReceivedMessage } from "./received-message.ts";

/**
 * Parses a message's body once, at the edge: text to JSON to the schema's typed value.
 * @throws BadPayloadFailure for a body that is not JSON, ValidationFailure that names each bad field. The body itself is not in the message.
 */
export async function parseMessage<T>(schema: StandardSchemaV1<unknown, T>, message: ReceivedMessage): Promise<T> {
  const result = await schema["~standard"].validate(parseBody(message.body));
  if (result.issues) throw new ValidationFailure(`The body does not fit its schema: ${describeIssues(result.issues)}`);
  return result.value;
}

function parseBody(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    throw new BadPayloadFailure(`The body (${body.length} characters) is not JSON.`, { cause: error });
  }
}

/** The most issues that a reason names; a body can be wrong in thousands of places. */
const MOST_ISSUES = 10;

/** Without colons after a path: what stands there would be taken for a personal field's value. */
function describeIssues(issues: readonly StandardSchemaV1.Issue[]): string {
  const named = issues.slice(0, MOST_ISSUES).map(({ path, message }) => `${describePath(path)} (${message})`);
  const left = issues.length - named.length;
  return named.join("; ") + (left > 0 ? `; and ${left} more` : "");
}

function describePath(path: StandardSchemaV1.Issue["path"]): string {
  const parts = (path ?? []).map((part) => String(typeof part === "object" ? part.key : part));
  return parts.length === 0 ? "the body" : parts.join(".");
}
