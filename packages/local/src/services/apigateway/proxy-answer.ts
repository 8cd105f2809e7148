import { validateHeaderName, validateHeaderValue } from "node:http";
import type { RestAnswer } from "../../kernel/protocol/rest.ts";
import type { AnswerHeaders } from "./cors.ts";

export type ApiAnswer = Required<RestAnswer> & { readonly headers: AnswerHeaders };

/** Headers that frame a body on its connection: they are the server's to set. */
const FRAMING: readonly string[] = ["connection", "content-length", "keep-alive", "transfer-encoding", "upgrade"];

/**
 * The answer that a function's result means (HTTP API developer guide, Lambda function response for format 2.0).
 * @returns undefined for a result that API Gateway cannot read
 */
export function proxyAnswer(payload: string): ApiAnswer | undefined {
  const result: unknown = JSON.parse(payload);
  if (typeof result === "object" && result !== null && "statusCode" in result) return formatted({ ...result });
  const body = typeof result === "string" ? result : payload;
  return { status: 200, headers: { "content-type": "application/json" }, body };
}

function formatted(result: Readonly<Record<string, unknown>>): ApiAnswer | undefined {
  const { statusCode, headers = {}, cookies = [], body = "", isBase64Encoded = false } = result;
  const status = Number(statusCode);
  const text = body ?? "";
  if (!Number.isInteger(status) || status < 200 || status > 599 || typeof text !== "string") return undefined;
  if (typeof headers !== "object" || !Array.isArray(cookies)) return undefined;
  try {
    const sent = {
      ...(text !== "" && { "content-type": "text/plain;charset=UTF-8" }),
      ...checkedHeaders(headers ?? {}),
      ...(cookies.length > 0 && { "set-cookie": cookies.map((each) => checkedValue("set-cookie", each)) }),
    };
    return { status, headers: sent, body: isBase64Encoded ? Buffer.from(text, "base64") : text };
  } catch {
    return undefined;
  }
}

/** @throws TypeError for a header that HTTP cannot carry */
function checkedHeaders(headers: object): AnswerHeaders {
  const pairs = Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name, value]) => !FRAMING.includes(name) && value !== null);
  return Object.fromEntries(pairs.map(([name, value]) => [name, checkedValue(name, value)]));
}

function checkedValue(name: string, value: unknown): string {
  if (typeof value === "object") throw new TypeError(`The header ${name} is not a text.`);
  validateHeaderName(name);
  validateHeaderValue(name, String(value));
  return String(value);
}
