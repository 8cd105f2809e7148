import { hash } from "node:crypto";
import { isAttributeName } from "../../kernel/message-attributes.ts";
import type { Members } from "../../kernel/service.ts";
import { invalidMessageContents, invalidParameter } from "./errors.ts";
import { structure } from "./input.ts";

/** One attribute of a message, as the JSON protocol writes it: a binary value is base64. */
interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: string;
}

export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

/** The most attributes of one message (SQS quotas, "Message attributes"). */
const MOST_ATTRIBUTES = 10;

/** The characters that SQS does not take (SendMessage, "MessageBody"). */
const ILLEGAL_CHARACTER = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

/** @throws InvalidMessageContents */
export function checkCharacters(text: string, what: string): void {
  if (ILLEGAL_CHARACTER.test(text)) throw invalidMessageContents(what);
}

/** The attributes in a request, checked; undefined where there are none. @throws InvalidParameterValue */
export function readMessageAttributes(input: Members): MessageAttributes | undefined {
  if (input["MessageAttributes"] === undefined) return undefined;
  const entries = Object.entries(structure(input, "MessageAttributes"));
  if (entries.length === 0) return undefined;
  if (entries.length > MOST_ATTRIBUTES) {
    throw invalidParameter(
      `Number of message attributes [${entries.length}] exceeds the allowed maximum [${MOST_ATTRIBUTES}].`,
    );
  }
  return Object.fromEntries(entries.map(([name, value]) => [name, readAttribute(name, value as Members)]));
}

function readAttribute(name: string, value: Members): MessageAttribute {
  checkName(name);
  const dataType = String(value["DataType"] ?? "");
  if (!/^(String|Number|Binary)(\..+)?$/.test(dataType)) {
    throw invalidParameter(
      `The type of message (user) attribute '${name}' is invalid. You must use only the following supported type prefixes: Binary, Number, String.`,
    );
  }
  const key = dataType.startsWith("Binary") ? "BinaryValue" : "StringValue";
  const content = value[key];
  if (typeof content !== "string" || content === "") {
    throw invalidParameter(`Message (user) attribute '${name}' must contain a non-empty value of type '${dataType}'.`);
  }
  if (key === "StringValue") checkCharacters(content, `message attribute '${name}'`);
  if (dataType.startsWith("Number") && !Number.isFinite(Number(content))) {
    throw invalidParameter(`Can't cast the value of message (user) attribute '${name}' to a number.`);
  }
  return { DataType: dataType, [key]: content };
}

function checkName(name: string): void {
  if (!isAttributeName(name)) {
    throw invalidParameter(
      `The message attribute name '${name}' is invalid. Attribute name can contain A-Z, a-z, 0-9, underscore (_), hyphen (-), and period (.).`,
    );
  }
}

/** The attributes that a receive asks for by name, by prefix (`name.*`), or all (`All`, `.*`); undefined where none is left. */
export function selectAttributes(
  attributes: MessageAttributes,
  names: readonly string[],
): MessageAttributes | undefined {
  if (names.length === 0) return undefined;
  if (names.includes("All") || names.includes(".*") || names.includes("*")) return attributes;
  const prefixes = names.filter((name) => name.endsWith(".*")).map((name) => name.slice(0, -2));
  const selected = Object.entries(attributes).filter(
    ([name]) => names.includes(name) || prefixes.some((prefix) => name.startsWith(prefix)),
  );
  return selected.length > 0 ? Object.fromEntries(selected) : undefined;
}

/** The MD5 of attributes (developer guide, "Calculating the MD5 message digest for message attributes"). */
export function attributesMd5(attributes: MessageAttributes): string {
  const parts: Buffer[] = [];
  for (const name of Object.keys(attributes).sort(byCodePoint)) {
    const { DataType, StringValue, BinaryValue } = attributes[name] as MessageAttribute;
    parts.push(...sized(Buffer.from(name)), ...sized(Buffer.from(DataType)));
    parts.push(Buffer.of(StringValue === undefined ? 2 : 1));
    parts.push(
      ...sized(StringValue === undefined ? Buffer.from(BinaryValue ?? "", "base64") : Buffer.from(StringValue)),
    );
  }
  return hash("md5", Buffer.concat(parts));
}

function sized(content: Buffer): [Buffer, Buffer] {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return [length, content];
}

function byCodePoint(left: string, right: string): number {
  return left < right ? -1 : 1;
}
