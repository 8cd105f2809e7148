import { BadPayloadFailure } from "../errors.ts";
import { decodeBase64 } from "./decode-base64.ts";
import type { MessageAttribute } from "./received-message.ts";

/**
 * Opens a notification as SNS puts it on a queue where raw delivery is off (SNS developer guide, "Parsing message formats").
 * @throws BadPayloadFailure for anything else.
 */
export function openNotification(value: unknown): {
  readonly message: string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
} {
  const { Type, Message, MessageAttributes } = (value ?? {}) as { [field: string]: unknown };
  if (Type !== "Notification" || typeof Message !== "string") {
    const fix = 'where the subscription has raw delivery, the consumer takes `envelope: "none"`.';
    throw new BadPayloadFailure(`The body is not an SNS notification: ${fix}`);
  }
  const entries = Object.entries((MessageAttributes ?? {}) as object);
  return { message: Message, attributes: Object.fromEntries(entries.map(([name, each]) => [name, attribute(each)])) };
}

function attribute(given: unknown): MessageAttribute {
  const { Type, Value } = (given ?? {}) as { Type?: unknown; Value?: unknown };
  if (typeof Type !== "string" || typeof Value !== "string") {
    throw new BadPayloadFailure("The SNS notification has an attribute without `Type` and `Value`.");
  }
  return Type.startsWith("Binary")
    ? { dataType: Type, binaryValue: decodeBase64(Value) }
    : { dataType: Type, stringValue: Value };
}
