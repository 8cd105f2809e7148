import { invalidPattern } from "../errors.ts";
import { type Condition, readCondition } from "./condition.ts";
import type { FilterPattern } from "./filter-pattern.ts";
import { readTokens, type Tokens } from "./tokens.ts";

/** A field of the pattern, which may be any; or the place of fields without names. */
type Field = { readonly name: string; readonly fits?: Condition } | "...";

/** Reads `[ip, ..., status = 4*, bytes > 1000]`. @throws InvalidParameterException */
export function readFieldsPattern(pattern: string): FilterPattern {
  if (!pattern.endsWith("]")) throw invalidPattern(pattern, "its [ is not closed");
  const tokens = readTokens(pattern, pattern.slice(1, -1));
  const fields: Field[] = [];
  do fields.push(readField(pattern, tokens));
  while (tokens.take(","));
  if (!tokens.ended) tokens.refuse("a comma or ]");
  if (fields.filter((field) => field === "...").length > 1) throw invalidPattern(pattern, "it has ... more than once");
  return (message) => {
    const values = assign(fields, split(message));
    if (!values) return undefined;
    const read = (name: string): readonly unknown[] => (values.has(name) ? [values.get(name)] : []);
    if (!fields.every((field) => field === "..." || !field.fits || field.fits(read))) return undefined;
    return {
      valueOf: (name) => values.get(name.replace(/^\$\.?/, "")),
      extracted: Object.fromEntries([...values].map(([name, value]) => [`$${name}`, value])),
    };
  };
}

function readField(pattern: string, tokens: Tokens): Field {
  if (tokens.take("...")) return "...";
  let name: string | undefined;
  const field = (given: string): string => {
    if (!/^\w[\w-]*$/.test(given)) throw invalidPattern(pattern, `${given} is no name of a field`);
    name ??= given;
    if (name !== given) throw invalidPattern(pattern, `${given} stands where only ${name} can`);
    return given;
  };
  const fits = readCondition(tokens, { field, numbersInTexts: true, bareField: true });
  return { name: name ?? "", fits };
}

/** The words of an event; what is in quotes or brackets is one. */
function split(message: string): readonly string[] {
  return [...message.matchAll(/"([^"]*)"|\[([^\]]*)\]|(\S+)/g)].map(
    ([, quoted, inner, word]) => quoted ?? inner ?? word ?? "",
  );
}

function assign(fields: readonly Field[], words: readonly string[]): Map<string, string> | undefined {
  const open = fields.indexOf("...");
  const named = fields.length - (open < 0 ? 0 : 1);
  if (open < 0 ? words.length !== named : words.length < named) return undefined;
  const skipped = words.length - named;
  const values = new Map<string, string>();
  for (const [index, field] of fields.entries()) {
    if (field !== "...") values.set(field.name, words[open >= 0 && index > open ? index + skipped - 1 : index] ?? "");
  }
  return values;
}
