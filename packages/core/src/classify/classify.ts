import type { FailureCategory } from "./category.ts";
import { authorOf, chainOf, isError, messageOf, read } from "./thrown.ts";

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
const CATEGORY_BY_WORDS: readonly (readonly [words: string, category: FailureCategory])[] = [
  ["unauthori[sz]ed|forbidden|expired token|access denied", "auth"],
  ["validation (?:error|failed)|invalid|missing (?:required )?(?:field|property)", "validation"],
  ["timed?[ -]?out", "timeout"],
  ["unexpected token|not valid json|unexpected end of json", "bad-payload"],
  ["connection refused|service unavailable|bad gateway", "dependency"],
];

const WHOLE_WORDS: readonly (readonly [RegExp, FailureCategory])[] = CATEGORY_BY_WORDS.map(([words, category]) => [
  new RegExp(`\\b(?:${words})\\b`, "i"),
  category,
]);

/** Most messages have none of these words: that is found out in one pass, and at half the price without the edges of words. */
const ANY_WORDS: RegExp = new RegExp(CATEGORY_BY_WORDS.map(([words]) => words).join("|"), "i");

/**
 * Says what kind of failure a thrown value with its causes is: an author's word first, then codes, then words, and in each
 * of these the outermost first; never throws. A new kind is a line in one table.
 */
export function categoryOf(thrown: unknown): FailureCategory {
  const author = authorOf(thrown);
  if (author) return author.category;
  const chain = chainOf(thrown);
  return (
    firstDefined(chain, (link) => authorOf(link)?.category) ??
    firstDefined(chain, byCode) ??
    firstDefined(chain, byWords) ??
    (isError(thrown) ? "processing" : "unknown")
  );
}

/** Where Node, the AWS SDK (`$metadata`) and HTTP clients (`response`) put a code. */
function byCode(link: unknown): FailureCategory | undefined {
  return (
    meaning(read(link, "code")) ??
    meaning(read(link, "name")) ??
    meaning(read(link, "status")) ??
    meaning(read(link, "statusCode")) ??
    meaning(read(read(link, "$metadata"), "httpStatusCode")) ??
    meaning(read(read(link, "response"), "status"))
  );
}

function meaning(code: unknown): FailureCategory | undefined {
  if (typeof code === "string") return CATEGORY_BY_CODE.get(code);
  return typeof code === "number" ? CATEGORY_BY_CODE.get(String(code)) : undefined;
}

function byWords(link: unknown): FailureCategory | undefined {
  const message = messageOf(link);
  if (!ANY_WORDS.test(message)) return undefined;
  return WHOLE_WORDS.find(([words]) => words.test(message))?.[1];
}

function firstDefined<T, R>(values: readonly T[], find: (value: T) => R | undefined): R | undefined {
  for (const value of values) {
    const found = find(value);
    if (found !== undefined) return found;
  }
  return undefined;
}
