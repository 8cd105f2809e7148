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

/** A `$context` variable of a request under way, or undefined (HTTP API developer guide, Logging variables). */
export function contextValue(name: string, passage: Passage): string | undefined {
  const { request, api, stage, match, requestId, atMs } = passage;
  const values: Readonly<Record<string, string | undefined>> = {
    apiId: api.id,
    domainPrefix: api.id,
    extendedRequestId: requestId,
    httpMethod: request.method,
    "identity.sourceIp": request.sourceIp,
    "identity.userAgent": request.headers["user-agent"],
    path: request.rawPath,
    protocol: "HTTP/1.1",
    requestId,
    requestTime: requestTime(atMs),
    requestTimeEpoch: String(atMs),
    routeKey: match.route.key,
    stage: stage.name,
  };
  return values[name];
}

/** A `$context` variable of an answered request; what there is nothing of is `-`. */
export function loggedValue(world: World, name: string, passage: Passage, ended: Ended): string {
  const { errorMessage, integrationError, integrationMs } = ended;
  const milliseconds = integrationMs === undefined ? undefined : String(Math.round(integrationMs));
  const values: Readonly<Record<string, string | undefined>> = {
    accountId: world.accountId,
    dataProcessed: String(ended.responseBytes + passage.request.body.length),
    domainName: domainName(world, passage.api),
    "error.message": errorMessage,
    "error.messageString": errorMessage && JSON.stringify(errorMessage),
    "integration.error": integrationError,
    "integration.latency": milliseconds,
    integrationErrorMessage: integrationError,
    integrationLatency: milliseconds,
    responseLatency: String(Math.round(ended.latencyMs)),
    responseLength: String(ended.responseBytes),
    status: String(ended.status),
  };
  return contextValue(name, passage) ?? values[name] ?? authorizerValue(name, ended.authorizer) ?? "-";
}

/** `authorizer.claims.sub` of a token, `authorizer.tenant` of an authorizer's context. */
function authorizerValue(name: string, authorizer: Members | undefined): string | undefined {
  const [first, ...rest] = name.split(".");
  if (first !== "authorizer" || !authorizer) return undefined;
  const { jwt, lambda } = authorizer as { jwt?: { claims: Members }; lambda?: Members };
  const value = rest[0] === "claims" ? jwt?.claims[rest.slice(1).join(".")] : lambda?.[rest.join(".")];
  return value === undefined ? undefined : String(value);
}
