import { invalidParameter } from "./errors.ts";

/**
 * Reads a filter pattern of unstructured events: terms that must all be there, `?term` of which one must, `-term` that must
 * not, each a word or a "quoted phrase" (CloudWatch Logs user guide, filter pattern syntax). Case counts.
 * @throws InvalidParameterException for patterns of JSON or of fields, which the local region does not serve
 */
export function readFilterPattern(pattern: string): (message: string) => boolean {
  if (/^\s*[{[%]/.test(pattern)) {
    throw invalidParameter(
      `The local region does not serve the filter pattern ${pattern}: it takes terms and phrases.`,
    );
  }
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
