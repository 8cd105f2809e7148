import type { BadField } from "./validate.ts";

/** What API Gateway hands to a function, as far as it is read here (payload format 2.0). */
export interface HttpRequest {
  readonly routeKey: string;
  /** By names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly queryStringParameters?: Readonly<Record<string, string | undefined>>;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
  readonly requestContext: {
    readonly requestId: string;
    readonly authorizer?: { readonly iam?: { readonly userArn?: string } };
  };
}

/** What a function answers. */
export interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The body of an answer that is no success. */
export interface Refusal {
  /** A code to decide by, such as `invalid`. */
  readonly error: string;
  readonly message: string;
  readonly fields?: readonly BadField[];
  readonly [more: string]: unknown;
}

/** Makes an answer in JSON. */
export function answer(statusCode: number, body: object, headers: Readonly<Record<string, string>> = {}): HttpAnswer {
  return { statusCode, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) };
}

/** Makes an answer that is no success. */
export function refuse(
  statusCode: number,
  refusal: Refusal,
  headers: Readonly<Record<string, string>> = {},
): HttpAnswer {
  return answer(statusCode, refusal, headers);
}

/** The body as text; undefined where it is no UTF-8. */
export function readText({ body = "", isBase64Encoded = false }: HttpRequest): string | undefined {
  if (!isBase64Encoded) return body;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.from(body, "base64"));
  } catch {
    return undefined;
  }
}

/** Whether the body is said to be JSON, or nothing is said of it. */
export function isJson({ headers }: HttpRequest): boolean {
  const type = headers["content-type"];
  return type === undefined || /^application\/(json|[\w.-]+\+json)\s*(;|$)/i.test(type.trim());
}
