import { isAttributeName } from "../../kernel/message-attributes.ts";
import type { Members } from "../../kernel/service.ts";
import { invalidParameterValue } from "./errors.ts";
import { isMap, structure } from "./input.ts";

/** One attribute of a message; a binary value is base64. */
interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: string;
}

export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

/** The attributes in a request, checked; undefined where there are none. @throws ParameterValueInvalid */
export function readMessageAttributes(input: Members): MessageAttributes | undefined {
  const entries = Object.entries(structure(input, "MessageAttributes"));
  if (entries.length === 0) return undefined;
  return Object.fromEntries(entries.map(([name, value]) => [name, readAttribute(name, isMap(value) ? value : {})]));
}

function readAttribute(name: string, value: Members): MessageAttribute {
  if (!isAttributeName(name)) {
    throw invalidParameterValue(
      `The message attribute name '${name}' is invalid. It can contain A-Z, a-z, 0-9, underscore (_), hyphen (-), and period (.).`,
    );
  }
  const dataType = String(value["DataType"] ?? "");
  if (!/^(String|Number|Binary)(\.\S+)?$/.test(dataType)) {
    throw invalidParameterValue(
      `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    );
  }
  const key = dataType.startsWith("Binary") ? "BinaryValue" : "StringValue";
  const content = value[key];
  if (typeof content !== "string" || content === "") {
    throw invalidParameterValue(
      `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${dataType}'.`,
    );
  }
  if (dataType.startsWith("Number") && (content.trim() === "" || !Number.isFinite(Number(content)))) {
    throw invalidParameterValue(`Could not cast message attribute '${name}' value to number.`);
  }
  return { DataType: dataType, [key]: content };
}

/** Attributes as a notification carries them: `Type` and `Value`. */
export function shownAttributes(attributes: MessageAttributes): Members {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
      name,
      { Type: DataType, Value: StringValue ?? BinaryValue },
    ]),
  );
}
