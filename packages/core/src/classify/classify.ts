import { Failure } from "../errors.ts";
import type { FailureCategory } from "./category.ts";

/** What classification reads of a thrown value. */
interface Evidence {
  /** The code, the name and the HTTP status, as far as there are any. */
  readonly codes: readonly string[];
  readonly message: string;
}

/** Names and codes of Node, of undici and of the AWS SDK, with the category that each means. */
const CATEGORY_BY_CODE: Readonly<Record<string, FailureCategory>> = {
  "401": "auth",
  "403": "auth",
  "408": "timeout",
  "429": "throttled",
  "502": "dependency",
  "503": "dependency",
  "504": "timeout",
  AbortError: "timeout",
  AccessDenied: "auth",
  AccessDeniedException: "auth",
  EAI_AGAIN: "dependency",
  ECONNREFUSED: "dependency",
  ECONNRESET: "dependency",
  ENOTFOUND: "dependency",
  EPIPE: "dependency",
  ETIMEDOUT: "timeout",
  ExpiredTokenException: "auth",
  ProvisionedThroughputExceededException: "throttled",
  RequestLimitExceeded: "throttled",
  ServiceUnavailable: "dependency",
  SyntaxError: "bad-payload",
  ThrottlingException: "throttled",
  TimeoutError: "timeout",
  TooManyRequestsException: "throttled",
  UND_ERR_CONNECT_TIMEOUT: "timeout",
  UND_ERR_HEADERS_TIMEOUT: "timeout",
  UnrecognizedClientException: "auth",
};

/** Words of a message, tried in this order where neither the author nor a code says what the failure is. */
const CATEGORY_BY_WORDS: readonly (readonly [RegExp, FailureCategory])[] = [
  [/\b(unauthori[sz]ed|forbidden|expired token|access denied)\b/i, "auth"],
  [/\b(validation (error|failed)|invalid|missing (required )?(field|property))\b/i, "validation"],
  [/\btimed?[ -]?out\b/i, "timeout"],
  [/\b(unexpected token|not valid json|unexpected end of json)\b/i, "bad-payload"],
  [/\b(connection refused|service unavailable|bad gateway)\b/i, "dependency"],
];

/** Says what kind of failure a thrown value is: its author's word first, then codes, then words; a new kind is a line in one table. */
export function classify(thrown: unknown): FailureCategory {
  if (thrown instanceof Failure) return thrown.category;
  const evidence = readEvidence(thrown);
  return (
    evidence.codes.map((code) => CATEGORY_BY_CODE[code]).find((category) => category !== undefined) ??
    CATEGORY_BY_WORDS.find(([words]) => words.test(evidence.message))?.[1] ??
    (thrown instanceof Error ? "processing" : "unknown")
  );
}

function readEvidence(thrown: unknown): Evidence {
  const { name, code, status, statusCode, $metadata, message } = (thrown ?? {}) as Record<string, unknown> & {
    $metadata?: { httpStatusCode?: number };
  };
  const codes = [code, name, status, statusCode, $metadata?.httpStatusCode];
  return {
    codes: codes.filter((each) => each !== undefined).map(String),
    message: typeof message === "string" ? message : String(thrown),
  };
}
