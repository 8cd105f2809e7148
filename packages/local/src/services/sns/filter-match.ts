import type { Members } from "../../kernel/service.ts";
import { fitsRules } from "../../patterns/match.ts";
import type { FilterScope } from "./filter-policy.ts";
import { isMap } from "./input.ts";
import type { MessageAttributes } from "./message-attributes.ts";

/**
 * Whether a message fits a valid filter policy: every key has at least one condition that holds for at least one of the message's
 * values there (developer guide, "Subscription filter policies").
 */
export function fitsPolicy(
  policy: Members,
  scope: FilterScope,
  { message, attributes }: { readonly message: string; readonly attributes?: MessageAttributes | undefined },
): boolean {
  const fields = scope === "MessageBody" ? bodyFields(message) : attributeFields(attributes ?? {});
  return fields !== undefined && fitsRules(policy, fields);
}

/** A body that is not a JSON object fits no policy. */
function bodyFields(message: string): Members | undefined {
  try {
    const value: unknown = JSON.parse(message);
    return isMap(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Binary attributes are ignored; the elements of a String.Array count each. */
function attributeFields(attributes: MessageAttributes): Members {
  const fields: [string, unknown][] = Object.entries(attributes).flatMap(([name, { DataType, StringValue = "" }]) => {
    if (DataType.startsWith("Binary")) return [];
    if (DataType.startsWith("Number")) return [[name, Number(StringValue)]];
    return [[name, DataType === "String.Array" ? parseArray(StringValue) : StringValue]];
  });
  return Object.fromEntries(fields);
}

function parseArray(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
