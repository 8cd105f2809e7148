import type { Members } from "../../kernel/service.ts";
import { ServiceError } from "../../kernel/service-error.ts";

/** The most tags of a topic (TagResource). */
const MOST_TAGS = 50;

/** The tags in a request or among properties, by key. @throws TagLimitExceeded */
export function readTags(input: Members): Record<string, string> {
  const tags = (input["Tags"] || []) as readonly { readonly Key: string; readonly Value?: string }[];
  return checkTags(Object.fromEntries(tags.map(({ Key, Value }) => [Key, String(Value ?? "")])));
}

/** @throws TagLimitExceeded */
export function checkTags(tags: Record<string, string>): Record<string, string> {
  if (Object.keys(tags).length <= MOST_TAGS) return tags;
  throw new ServiceError(
    "TagLimitExceeded",
    `Could not complete request: tag quota of ${MOST_TAGS} per resource exceeded`,
  );
}
