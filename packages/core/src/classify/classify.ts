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
export const CATEGORY_BY_CODE: ReadonlyMap<string, FailureCategory> = new Map(
  Object.entries({
    auth: [
      "401",
      "403",
      "AccessDenied",
      "AccessDeniedException",
      "ExpiredTokenException",
      "UnrecognizedClientException",
    ],
    timeout: [
      "408",
      "504",
      "AbortError",
      "ECONNABORTED",
      "ETIMEDOUT",
      "TimeoutError",
      "UND_ERR_BODY_TIMEOUT",
      "UND_ERR_CONNECT_TIMEOUT",
      "UND_ERR_HEADERS_TIMEOUT",
    ],
    throttled: [
      "429",
      "ProvisionedThroughputExceededException",
      "RequestLimitExceeded",
      "SlowDown",
      "ThrottlingException",
      "TooManyRequestsException",
    ],
    dependency: [
      "500",
      "502",
      "503",
      "EAI_AGAIN",
      "ECONNREFUSED",
      "ECONNRESET",
      "EHOSTUNREACH",
      "ENETUNREACH",
      "ENOTFOUND",
      "EPIPE",
      "InternalServerError",
      "ServiceUnavailable",
      "UND_ERR_SOCKET",
    ],
    "bad-payload": ["SyntaxError"],
    validation: ["ValiError", "ZodError"],
  } satisfies Partial<Record<FailureCategory, string[]>>).flatMap(([category, codes]) =>
    codes.map((code) => [code, category as FailureCategory]),
  ),
);

/** Phrases of a message, which count in this order where neither the author nor a code says what the failure is. */
const findMeaning: (text: string) => FailureCategory | undefined = findWords([
  ["auth", ["unauthorized", "unauthorised", "forbidden", "expired token", "access denied"]],
  [
    "validation",
    [
      "validation error",
      "validation failed",
      "invalid",
      "missing field",
      "missing property",
      "missing required field",
      "missing required property",
    ],
  ],
  ["timeout", ["timeout", "time-out", "time out", "timedout", "timed-out", "timed out"]],
  ["bad-payload", ["unexpected token", "not valid json", "unexpected end of json"]],
  ["dependency", ["connection refused", "service unavailable", "bad gateway"]],
]);

/**
 * Says what kind of failure a thrown value with its causes is: an author's word first, then codes, then words, and in each
 * of these the outermost first; never throws. A new kind is a line in one table.
 */
export function categoryOf(thrown: unknown): FailureCategory {
  try {
    return categoryOfLink(thrown as Link);
  } catch {
    return categoryOfLink(readableLink(thrown, MOST_CAUSES));
  }
}

/** What a hostile value lets itself be asked: careful reading costs more than all the rest, and hardly any value needs it. */
function readableLink(value: unknown, causes: number): Link {
  const cause = causes > 0 ? read(value, "cause") : undefined;
  const plain = [FAILURE, "category", "code", "name", "status", "statusCode"].map((part) => [part, read(value, part)]);
  return {
    ...Object.fromEntries(plain),
    $metadata: { httpStatusCode: read(read(value, "$metadata"), "httpStatusCode") },
    response: { status: read(read(value, "response"), "status") },
    message: messageOf(value),
    stack: isError(value) ? "" : undefined,
    cause: cause === undefined || cause === null ? null : readableLink(cause, causes - 1),
  };
}

function categoryOfLink(thrown: Link | null | undefined): FailureCategory {
  let byCode: FailureCategory | undefined;
  let link = thrown;
  for (let links = 0; links <= MOST_CAUSES && link !== undefined && link !== null; links++) {
    if (link[FAILURE] === true && isCategory(link.category)) return link.category;
    byCode ??= codeMeaning(link);
    link = link.cause;
  }
  return byCode ?? wordsMeaning(thrown) ?? (isError(thrown) ? "processing" : "unknown");
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

function meaning(code: unknown): FailureCategory | undefined {
  if (typeof code === "string") return CATEGORY_BY_CODE.get(code);
  return typeof code === "number" ? CATEGORY_BY_CODE.get(String(code)) : undefined;
}

function wordsMeaning(thrown: Link | null | undefined): FailureCategory | undefined {
  let found = messageMeaning(thrown);
  let link = thrown?.cause;
  for (let causes = 0; found === undefined && causes < MOST_CAUSES && link !== undefined && link !== null; causes++) {
    found = messageMeaning(link);
    link = link.cause;
  }
  return found;
}

function messageMeaning(link: Link | null | undefined): FailureCategory | undefined {
  const message = link?.message;
  return findMeaning(typeof message === "string" ? message : messageOf(link));
}
