import { XMLParser } from "fast-xml-parser";
import type { Members } from "../service.ts";
import { ServiceError } from "../service-error.ts";
import { escapeXml } from "./query.ts";

const parser = new XMLParser({
  ignoreAttributes: true,
  ignoreDeclaration: true,
  removeNSPrefix: true,
  parseTagValue: false,
  trimValues: false,
  processEntities: false,
  tagValueProcessor: (_name, text) => decodeReferences(text),
});

/**
 * Reads a document into members named as on the wire: an element that occurs once is a text or a structure, one that occurs more
 * often is a list of them (`elements` reads either).
 * @throws MalformedXML where it is not well-formed, or has another root
 */
export function readXml(body: string, root: string): Members {
  try {
    // A DOCTYPE defines entities, which no client of a REST-XML service needs.
    if (body.includes("<!DOCTYPE")) throw new Error("a document type is not allowed");
    const { [root]: content, ...others } = parser.parse(body, true);
    if (content === undefined || Object.keys(others).length > 0) throw new Error(`the root is not ${root}`);
    return typeof content === "object" ? (withoutIndents(content) as Members) : {};
  } catch (cause) {
    const message = "The XML you provided was not well-formed or did not validate against our published schema";
    throw new ServiceError("MalformedXML", message, { cause });
  }
}

/** What an element that may occur many times holds; an absent one is an empty list. */
export function elements(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

const REFERENCES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function decodeReferences(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (_all, hexadecimal, decimal, name) => {
    if (name === undefined) return String.fromCodePoint(Number.parseInt(hexadecimal ?? decimal, decimal ? 10 : 16));
    const character = REFERENCES[name];
    if (character === undefined) throw new Error(`the entity ${name} is not defined`);
    return character;
  });
}

/** Drops the white space between the elements of structures. */
function withoutIndents(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutIndents);
  if (typeof value !== "object" || value === null) return value;
  const { "#text": _indent, ...members } = value as Members;
  return Object.fromEntries(Object.entries(members).map(([name, member]) => [name, withoutIndents(member)]));
}

/** Writes a document of elements or of one text; a list is repeated elements of its name, and what is undefined is left out. */
export function writeXml(root: string, content: Members | string, namespace?: string): string {
  const opening = namespace === undefined ? root : `${root} xmlns="${namespace}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${opening}>${writeValue(content)}</${root}>`;
}

/** The body of an error of a REST-XML service. */
export function xmlError(error: ServiceError, path: string, requestId: string): string {
  const { code: Code, message: Message, members } = error;
  return writeXml("Error", { Code, Message, ...members, Resource: path, RequestId: requestId });
}

function writeMembers(members: Members): string {
  return Object.entries(members)
    .flatMap(([name, value]) => elements(value).map((each) => `<${name}>${writeValue(each)}</${name}>`))
    .join("");
}

function writeValue(value: unknown): string {
  if (typeof value === "object" && value !== null) return writeMembers(value as Members);
  // XML 1.0 has no form for control characters; S3 writes references all the same, and offers encoding-type=url against it.
  return escapeXml(String(value)).replace(/\p{Cc}/gu, (character) => `&#x${character.codePointAt(0)?.toString(16)};`);
}
