import { BadPayloadFailure } from "../errors.ts";
import type { Opened } from "./body-envelope.ts";
import { decodeBase64 } from "./decode-base64.ts";
import { parseBody } from "./parse-body.ts";
import type { MessageAttribute } from "./received-message.ts";

/**
 * The envelope of notifications as SNS puts them on a queue where raw delivery is off (SNS developer guide, "Parsing message formats"): their
 * `Message` is the body, their attributes are the message's.
 * @throws BadPayloadFailure for anything else.
 */
export function snsNotification(value: unknown): Opened {
  const { Type, Message, MessageAttributes } = (value ?? {}) as { [field: string]: unknown };
  if (Type !== "Notification" || typeof Message !== "string") {
    const fix = "where the subscription has raw delivery, the consumer takes no `envelope`.";
    throw new BadPayloadFailure(`The body is not an SNS notification: ${fix}`);
  }
  const entries = Object.entries((MessageAttributes ?? {}) as object);
  const attributes = Object.fromEntries(entries.map(([name, each]) => [name, attribute(each)]));
  return { value: parseBody(Message, "The SNS message"), body: Message, attributes };
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
