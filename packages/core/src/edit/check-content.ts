import { ReliqError } from "../errors.ts";
import { ENVELOPE_ATTRIBUTE } from "../message/envelope.ts";
import { LARGEST_BATCH_BYTES, messageBytes } from "../message/pack-batches.ts";
import type { MessageAttribute } from "../message/received-message.ts";

/** What SQS takes: a message of 1 MiB, ten attributes, of which one is Reliq's, and the characters of XML 1.0 (SQS API reference, SendMessage). */
const LARGEST_BYTES: number = LARGEST_BATCH_BYTES - 1_024;
const MOST_ATTRIBUTES = 9;
const NO_XML = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;
const ATTRIBUTE_NAME = /^(?!(?:aws|amazon)\.|\.)(?!.*\.\.)[\w.-]{1,256}(?<!\.)$/i;
const DATA_TYPE = /^(?:String|Number|Binary)(?:\.[\w.-]{1,249})?$/;

/**
 * Refuses content that SQS would refuse, or that would take Reliq's own attribute, before anything is written.
 * @throws ReliqError `edit-invalid` that names what is wrong
 */
export function checkContent(body: string, attributes: Readonly<Record<string, MessageAttribute>>): void {
  if (body === "") refuse("the body is empty; SQS takes 1 character or more");
  const bad = NO_XML.exec(body);
  if (bad) refuse(`the body has the character U+${hex(bad[0])} at ${bad.index}, which SQS does not take`);
  const names = Object.keys(attributes);
  if (names.length > MOST_ATTRIBUTES) refuse(`it has ${names.length} attributes; there is room for ${MOST_ATTRIBUTES}`);
  for (const [name, attribute] of Object.entries(attributes)) checkAttribute(name, attribute);
  const bytes = messageBytes({ body, attributes });
  if (bytes > LARGEST_BYTES) refuse(`it is ${bytes} bytes long; there is room for ${LARGEST_BYTES}`);
}

function checkAttribute(name: string, { dataType, stringValue, binaryValue }: MessageAttribute): void {
  if (name === ENVELOPE_ATTRIBUTE) refuse(`the attribute ${name} is Reliq's own`);
  if (!ATTRIBUTE_NAME.test(name)) refuse(`the attribute name ${JSON.stringify(name)} is not one that SQS takes`);
  if (!DATA_TYPE.test(dataType)) refuse(`the attribute ${name} is a ${dataType}; it takes String, Number or Binary`);
  const isBinary = dataType.startsWith("Binary");
  if (isBinary ? !binaryValue?.byteLength : !stringValue)
    refuse(`the attribute ${name} has no ${isBinary ? "binary" : "string"} value`);
  if (dataType.startsWith("Number") && !Number.isFinite(Number(stringValue))) {
    refuse(`the attribute ${name} is ${JSON.stringify(stringValue)}; a Number takes a number`);
  }
}

function hex(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
}

function refuse(what: string): never {
  throw new ReliqError("edit-invalid", `The message cannot be changed so: ${what}.`);
}
