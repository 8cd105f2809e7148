import type { Members, World } from "../../kernel/service.ts";
import { domainName, type Passage, requestTime } from "./event.ts";

/** What is known of a request once it is answered. */
export interface Ended {
  readonly status: number;
  readonly responseBytes: number;
  readonly latencyMs: number;
  readonly integrationMs?: number;
  readonly integrationError?: string;
  /** The gateway's own refusal. */
  readonly errorMessage?: string;
  /** What the authorizer said of the caller. */
  readonly authorizer?: Members;
}

/** The variables of a request under way (HTTP API developer guide, Logging variables). */
const OF_PASSAGES = new Map<string, (passage: Passage) => string | undefined>([
  ["apiId", ({ api }) => api.id],
  ["domainPrefix", ({ api }) => api.id],
  ["extendedRequestId", ({ requestId }) => requestId],
  ["httpMethod", ({ request }) => request.method],
  ["identity.sourceIp", ({ request }) => request.sourceIp],
  ["identity.userAgent", ({ request }) => request.headers["user-agent"]],
  ["path", ({ request }) => request.rawPath],
  ["protocol", () => "HTTP/1.1"],
  ["requestId", ({ requestId }) => requestId],
  ["requestTime", ({ atMs }) => requestTime(atMs)],
  ["requestTimeEpoch", ({ atMs }) => String(atMs)],
  ["routeKey", ({ match }) => match.route.key],
  ["stage", ({ stage }) => stage.name],
]);

/** A `$context` variable of a request under way, or undefined. */
export function contextValue(name: string, passage: Passage): string | undefined {
  return OF_PASSAGES.get(name)?.(passage);
}

/** The variables of an answered request (the same page). */
const OF_ENDS = new Map<string, (ended: Ended) => string | undefined>([
  ["error.message", ({ errorMessage }) => errorMessage],
  ["error.messageString", ({ errorMessage }) => errorMessage && JSON.stringify(errorMessage)],
  ["integration.error", ({ integrationError }) => integrationError],
  ["integration.latency", ({ integrationMs }) => rounded(integrationMs)],
  ["integrationErrorMessage", ({ integrationError }) => integrationError],
  ["integrationLatency", ({ integrationMs }) => rounded(integrationMs)],
  ["responseLatency", ({ latencyMs }) => rounded(latencyMs)],
  ["responseLength", ({ responseBytes }) => String(responseBytes)],
  ["status", ({ status }) => String(status)],
]);

function rounded(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : String(Math.round(ms));
}

/** A `$context` variable of an answered request; what there is nothing of is `-`. */
export function loggedValue(world: World, name: string, passage: Passage, ended: Ended): string {
  if (name === "accountId") return world.accountId;
  if (name === "domainName") return domainName(world, passage.api);
  if (name === "dataProcessed") return String(ended.responseBytes + passage.request.body.length);
  return contextValue(name, passage) ?? OF_ENDS.get(name)?.(ended) ?? authorizerValue(name, ended.authorizer) ?? "-";
}

/** `authorizer.claims.sub` of a token, `authorizer.tenant` of an authorizer's context. */
function authorizerValue(name: string, authorizer: Members | undefined): string | undefined {
  const [first, ...rest] = name.split(".");
  if (first !== "authorizer" || !authorizer) return undefined;
  const { jwt, lambda } = authorizer as { jwt?: { claims: Members }; lambda?: Members };
  const value = rest[0] === "claims" ? jwt?.claims[rest.slice(1).join(".")] : lambda?.[rest.join(".")];
  return value === undefined ? undefined : String(value);
}
