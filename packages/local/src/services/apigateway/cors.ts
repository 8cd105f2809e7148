import type { ApiRequest } from "./api-request.ts";
import type { Cors } from "./http-api.ts";

/** The headers of an answer, by lower-case name. */
export type AnswerHeaders = Record<string, string | readonly string[]>;

/** Whether a request is one that asks what a page may send (Fetch standard, CORS-preflight request). */
export function isPreflight({ method, headers }: ApiRequest): boolean {
  return method === "OPTIONS" && "origin" in headers && "access-control-request-method" in headers;
}

/** What a preflight is answered with; an origin that is not allowed finds no CORS header. */
export function preflightHeaders(cors: Cors, origin: string): AnswerHeaders {
  const { AllowMethods = [], AllowHeaders = [], MaxAge } = cors;
  const headers = corsHeaders(cors, origin);
  if (!("access-control-allow-origin" in headers)) return {};
  return {
    ...headers,
    ...(AllowMethods.length > 0 && { "access-control-allow-methods": AllowMethods.join(",") }),
    ...(AllowHeaders.length > 0 && { "access-control-allow-headers": AllowHeaders.join(",").toLowerCase() }),
    ...(MaxAge !== undefined && { "access-control-max-age": String(MaxAge) }),
  };
}

/** What every other answer gets. */
export function corsHeaders(cors: Cors, origin: string | undefined): AnswerHeaders {
  const { AllowOrigins = [], AllowCredentials, ExposeHeaders = [] } = cors;
  const allowed = origin === undefined ? undefined : AllowOrigins.find((each) => originFits(each, origin));
  if (origin === undefined || allowed === undefined) return {};
  return {
    "access-control-allow-origin": allowed === "*" ? "*" : origin,
    ...(AllowCredentials && { "access-control-allow-credentials": "true" }),
    ...(ExposeHeaders.length > 0 && { "access-control-expose-headers": ExposeHeaders.join(",").toLowerCase() }),
  };
}

/** The function's own CORS headers do not count where the API has a configuration (developer guide, Configure CORS). */
export function withoutCors(headers: AnswerHeaders): AnswerHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith("access-control-")));
}

/** `*`, `https://*`, or an origin. */
function originFits(allowed: string, origin: string): boolean {
  if (allowed === "*") return true;
  if (allowed === "http://*" || allowed === "https://*") return origin.startsWith(allowed.slice(0, -1));
  return allowed.toLowerCase() === origin.toLowerCase();
}
