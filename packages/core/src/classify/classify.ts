import { FAILURE } from "../errors.ts";
import type { FailureCategory } from "./category.ts";
import { findWords } from "./find-words.ts";
import { isCategory, isError, MOST_CAUSES, messageOf, read } from "./thrown.ts";

/** What is read of a thrown value and of each of its causes. */
interface Link {
  readonly [FAILURE]?: unknown;
  readonly category?: unknown;
  readonly code?: unknown;
  readonly name?: unknown;
  readonly status?: unknown;
  readonly statusCode?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: unknown } | null;
  readonly response?: { readonly status?: unknown } | null;
  readonly message?: unknown;
  readonly stack?: unknown;
  readonly cause?: Link | null;
}

/** Names and codes of Node, of HTTP clients, of schema libraries and of the AWS SDK, with the category that each means. */
const CODES = {
  auth: "401 403 AccessDenied AccessDeniedException ExpiredTokenException UnrecognizedClientException",
  timeout:
    "408 504 AbortError ECONNABORTED ETIMEDOUT TimeoutError UND_ERR_BODY_TIMEOUT UND_ERR_CONNECT_TIMEOUT UND_ERR_HEADERS_TIMEOUT",
  throttled:
    "429 ProvisionedThroughputExceededException RequestLimitExceeded SlowDown ThrottlingException TooManyRequestsException",
  dependency:
    "500 502 503 EAI_AGAIN ECONNREFUSED ECONNRESET EHOSTUNREACH ENETUNREACH ENOTFOUND EPIPE InternalServerError ServiceUnavailable UND_ERR_SOCKET",
  "bad-payload": "SyntaxError",
  validation: "ValiError ZodError",
} satisfies Partial<Record<FailureCategory, string>>;

/** The same, by code. */
export function categoryByCode(): ReadonlyMap<string, FailureCategory> {
  return new Map(
    Object.entries(CODES).flatMap(([category, codes]) =>
      codes.split(" ").map((code) => [code, category as FailureCategory]),
    ),
  );
}

/** Phrases of a message, which count in this order where neither the author nor a code says what the failure is. */
const PHRASES = {
  auth: "unauthorized,unauthorised,forbidden,expired token,access denied",
  validation:
    "validation error,validation failed,invalid,missing field,missing property,missing required field,missing required property",
  timeout: "timeout,time-out,time out,timedout,timed-out,timed out",
  "bad-payload": "unexpected token,not valid json,unexpected end of json",
  dependency: "connection refused,service unavailable,bad gateway",
} satisfies Partial<Record<FailureCategory, string>>;

// Made by the first failure: a cold start has none.
let byCode: ReadonlyMap<string, FailureCategory> | undefined;
let findPhrase: ((text: string) => FailureCategory | undefined) | undefined;

/**
 * Says what kind of failure a thrown value with its causes is: an author's word first, then codes, then words, and in each
 * of these the outermost first; never throws. A new kind is a line in one table.
 */
export function categoryOf(thrown: unknown): FailureCategory {
  const found = findMeaning(thrown);
  return typeof found === "string" ? found : found.category;
}

/** A failure's author speaks for it, be it the thrown value or one of its causes. */
interface Author {
  readonly category: FailureCategory;
  readonly retryable?: unknown;
}

/** The same, where an author says more than the category: who that is. */
export function findMeaning(thrown: unknown): Author | FailureCategory {
  try {
    return meaningOf(thrown as Link);
  } catch {
    return meaningOf(readable(thrown));
  }
}

/** What a hostile value lets itself be asked: careful reading costs more than all the rest, and hardly any value needs it. */
function readable(value: unknown): Link {
  return new Proxy((isError(value) ? new Error() : {}) as Link, {
    get: (_, part) => {
      const inner = read(value, part);
      return typeof inner === "object" && inner !== null ? readable(inner) : inner;
    },
  });
}

function meaningOf(thrown: Link | null | undefined): Author | FailureCategory {
  let coded: FailureCategory | undefined;
  let link = thrown;
  for (let links = 0; links <= MOST_CAUSES && link !== undefined && link !== null; links++) {
    // Asked in this order because a symbol is dear to look up where there is none.
    if (link.category !== undefined && link[FAILURE] === true && isCategory(link.category)) return link as Author;
    coded ??= codeMeaning(link);
    link = link.cause;
  }
  return coded ?? wordsMeaning(thrown) ?? (isError(thrown) ? "processing" : "unknown");
}

/** Where Node, the AWS SDK (`$metadata`) and HTTP clients (`response`) put a code. */
function codeMeaning(link: Link): FailureCategory | undefined {
  return (
    meaning(link.code) ??
    meaning(link.name) ??
    meaning(link.status) ??
    meaning(link.statusCode) ??
    meaning(link.$metadata?.httpStatusCode) ??
    meaning(link.response?.status)
  );
}

/** Most of these are not there, and most names are no code: so small a function costs no call. */
function meaning(code: unknown): FailureCategory | undefined {
  return code === undefined || code === "Error" ? undefined : knownMeaning(code);
}

function knownMeaning(code: unknown): FailureCategory | undefined {
  byCode ??= categoryByCode();
  return byCode.get(typeof code === "number" ? String(code) : (code as string));
}

function wordsMeaning(thrown: Link | null | undefined): FailureCategory | undefined {
  let link = thrown;
  for (let links = 0; links <= MOST_CAUSES; links++) {
    const found = messageMeaning(link);
    link = link?.cause;
    if (found !== undefined || link === undefined || link === null) return found;
  }
  return undefined;
}

function messageMeaning(link: Link | null | undefined): FailureCategory | undefined {
  const message = link?.message;
  findPhrase ??= findWords(
    Object.entries(PHRASES).map(([category, phrases]) => [category as FailureCategory, phrases.split(",")]),
  );
  return findPhrase(typeof message === "string" ? message : messageOf(link));
}
