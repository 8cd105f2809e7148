import { ReliqError } from "@reliq/core";

/** Why a request was not carried out, as the caller gets it. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  /** The field of the input that is wrong. */
  readonly field?: string;
  /** What waits for another person's approval: it was not done yet. */
  readonly approval?: string;
}

const STATUS: Readonly<Record<string, number>> = {
  "approval-needed": 409,
  "approval-own": 403,
  "body-too-large": 413,
  "edit-invalid": 400,
  "edit-masked": 400,
  forbidden: 403,
  "group-change": 409,
  input: 400,
  "method-unknown": 405,
  policy: 400,
  "quarantine-change": 409,
  "run-exists": 409,
  "run-filter": 400,
  "run-option": 400,
  unauthorized: 401,
};

/** What a caller is told of an error: what it can act on, and of any other only where it is logged. */
export function refusalOf(error: unknown, requestId: string): { readonly status: number; readonly refusal: Refusal } {
  const status = error instanceof ReliqError ? statusOf(error) : 500;
  if (!(error instanceof ReliqError) || status === 500) {
    const message = `It did not work; the function's log says why, under the request id ${requestId}.`;
    return { status, refusal: { code: "internal", message } };
  }
  const { field, approval } = (error.cause ?? {}) as { readonly field?: string; readonly approval?: string };
  const about = { ...(field !== undefined && { field }), ...(approval !== undefined && { approval }) };
  return { status, refusal: { code: error.code, message: error.message, ...about } };
}

function statusOf({ code, retryable }: ReliqError): number {
  if (STATUS[code] !== undefined) return STATUS[code];
  if (code.endsWith("-unknown")) return 404;
  if (/-(state|changed|changing)$/.test(code)) return 409;
  return retryable ? 503 : 500;
}
