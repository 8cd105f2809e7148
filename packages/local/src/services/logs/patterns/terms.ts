import { invalidPattern } from "../errors.ts";

/**
 * Reads terms: all must be there, `-term` must not, and of `?term`s one must where there are no others; each is a word or a
 * "quoted phrase" (CloudWatch Logs user guide, "Using filter patterns to match terms in unstructured log events"). Case counts.
 */
export function readTerms(pattern: string): (message: string) => boolean {
  const terms = [...pattern.matchAll(/([?-]?)(?:"((?:[^"\\]|\\.)*)"|(\S+))/g)].map(([, sign, phrase, word]) => ({
    sign,
    text: phrase?.replace(/\\(.)/g, "$1") ?? word ?? "",
  }));
  const needed = terms.filter((term) => term.sign === "").map((term) => term.text);
  const refused = terms.filter((term) => term.sign === "-").map((term) => term.text);
  const oneOf = terms.filter((term) => term.sign === "?").map((term) => term.text);
  return (message) =>
    needed.every((text) => message.includes(text)) &&
    !refused.some((text) => message.includes(text)) &&
    (oneOf.length === 0 || needed.length > 0 || oneOf.some((text) => message.includes(text)));
}

/** Reads `%expression%`: letters, digits and the operators of the guide, no groups. @throws InvalidParameterException */
export function readRegularExpression(pattern: string): (text: string) => boolean {
  const [, source] = /^%([\w#=@/;:,\s^$?[\]{}|\\*+.-]+)%$/.exec(pattern) ?? [];
  if (source === undefined)
    throw invalidPattern(pattern, "its regular expression has characters that are not supported");
  try {
    const expression = new RegExp(source);
    return (text) => expression.test(text);
  } catch (cause) {
    throw invalidPattern(pattern, String(cause));
  }
}
