import { readFileSync } from "node:fs";
import type { MessageAttribute } from "@reliq/core";
import { CommandError } from "./command-error.ts";

const TAKES =
  'a JSON object of all attributes, as {"region":"eu","count":3}, or with {"dataType":"String.iso","stringValue":"…"}; @file reads one';

/** An option's text, or what is in the file that `@file` names. @throws CommandError where there is no such file */
export function readArgument(text: string): string {
  if (!text.startsWith("@")) return text;
  try {
    return readFileSync(text.slice(1), "utf8");
  } catch (error) {
    throw new CommandError(`${text.slice(1)} cannot be read: ${String(error)}`);
  }
}

/** Attributes as a person writes them: a text is a String, a number a Number, and anything else is said in full. @throws CommandError */
export function readAttributes(text: string): Record<string, MessageAttribute> {
  const given = parse(readArgument(text));
  if (typeof given !== "object" || given === null || Array.isArray(given)) throw refused(text);
  return Object.fromEntries(
    Object.entries(given).map(([name, value]: [string, unknown]) => [name, attributeOf(value, text)]),
  );
}

function attributeOf(value: unknown, text: string): MessageAttribute {
  switch (typeof value) {
    case "string":
      return { dataType: "String", stringValue: value };
    case "number":
      return { dataType: "Number", stringValue: String(value) };
    default:
      if (typeof (value as Partial<MessageAttribute> | null)?.dataType === "string") return value as MessageAttribute;
      throw refused(text);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refused(text: string): CommandError {
  return new CommandError(`--attributes is ${JSON.stringify(text.slice(0, 100))}; it takes ${TAKES}.`);
}
