import type { FailureCategory } from "./category.ts";
import type { Thrown } from "./thrown.ts";

/** Names and codes of Node, of HTTP clients, of schema libraries and of the AWS SDK, with the category that each means. */
export const CATEGORY_BY_CODE: ReadonlyMap<string, FailureCategory> = new Map([
  ["401", "auth"],
  ["403", "auth"],
  ["408", "timeout"],
  ["429", "throttled"],
  ["500", "dependency"],
  ["502", "dependency"],
  ["503", "dependency"],
  ["504", "timeout"],
  ["AbortError", "timeout"],
  ["AccessDenied", "auth"],
  ["AccessDeniedException", "auth"],
  ["EAI_AGAIN", "dependency"],
  ["ECONNABORTED", "timeout"],
  ["ECONNREFUSED", "dependency"],
  ["ECONNRESET", "dependency"],
  ["EHOSTUNREACH", "dependency"],
  ["ENETUNREACH", "dependency"],
  ["ENOTFOUND", "dependency"],
  ["EPIPE", "dependency"],
  ["ETIMEDOUT", "timeout"],
  ["ExpiredTokenException", "auth"],
  ["InternalServerError", "dependency"],
  ["ProvisionedThroughputExceededException", "throttled"],
  ["RequestLimitExceeded", "throttled"],
  ["ServiceUnavailable", "dependency"],
  ["SlowDown", "throttled"],
  ["SyntaxError", "bad-payload"],
  ["ThrottlingException", "throttled"],
  ["TimeoutError", "timeout"],
  ["TooManyRequestsException", "throttled"],
  ["UND_ERR_BODY_TIMEOUT", "timeout"],
  ["UND_ERR_CONNECT_TIMEOUT", "timeout"],
  ["UND_ERR_HEADERS_TIMEOUT", "timeout"],
  ["UND_ERR_SOCKET", "dependency"],
  ["UnrecognizedClientException", "auth"],
  ["ValiError", "validation"],
  ["ZodError", "validation"],
]);

/** Words of a message, tried in this order where neither the author nor a code says what the failure is. */
const CATEGORY_BY_WORDS: readonly (readonly [RegExp, FailureCategory])[] = [
  [/\b(unauthori[sz]ed|forbidden|expired token|access denied)\b/i, "auth"],
  [/\b(validation (error|failed)|invalid|missing (required )?(field|property))\b/i, "validation"],
  [/\btimed?[ -]?out\b/i, "timeout"],
  [/\b(unexpected token|not valid json|unexpected end of json)\b/i, "bad-payload"],
  [/\b(connection refused|service unavailable|bad gateway)\b/i, "dependency"],
];

/**
 * Says what kind of failure a thrown value with its causes is: an author's word first, then codes, then words, and in each
 * of these the outermost first. A new kind is a line in one table.
 */
export function classify(chain: readonly [Thrown, ...Thrown[]]): FailureCategory {
  return (
    firstDefined(chain, ({ category }) => category) ??
    firstDefined(chain, ({ codes }) => firstDefined(codes, (code) => CATEGORY_BY_CODE.get(code))) ??
    firstDefined(chain, ({ message }) => CATEGORY_BY_WORDS.find(([words]) => words.test(message))?.[1]) ??
    (chain[0].isError ? "processing" : "unknown")
  );
}

function firstDefined<T, R>(values: readonly T[], find: (value: T) => R | undefined): R | undefined {
  for (const value of values) {
    const found = find(value);
    if (found !== undefined) return found;
  }
  return undefined;
}
