import type { PathRequest, RestAnswer } from "../../kernel/protocol/rest.ts";
import type { Members, RequestContext, World } from "../../kernel/service.ts";
import type { AccessLog } from "./access-log.ts";
import type { ApiMetrics } from "./api-metrics.ts";
import { type ApiRequest, readRequest } from "./api-request.ts";
import type { Authorization } from "./authorizers/authorization.ts";
import { authorizeBySignature } from "./authorizers/iam-authorizer.ts";
import type { IssuerKeys } from "./authorizers/issuer-keys.ts";
import { authorizeByToken } from "./authorizers/jwt-authorizer.ts";
import type { LambdaAuthorizers } from "./authorizers/lambda-authorizer.ts";
import type { Catalog } from "./catalog.ts";
import type { Ended } from "./context-variables.ts";
import { corsHeaders, isPreflight, preflightHeaders, withoutCors } from "./cors.ts";
import { type Passage, pathInStage, proxyEvent } from "./event.ts";
import { findRoute, type RouteMatch } from "./find-route.ts";
import type { HttpApi, Stage } from "./http-api.ts";
import { invokeFunction } from "./invoke-function.ts";
import { type ApiAnswer, proxyAnswer } from "./proxy-answer.ts";
import { beginRequestTrace, type RequestTrace } from "./request-trace.ts";
import type { Throttles } from "./throttle.ts";

/** Where HTTP APIs are served: `/_api/<name or id>/…`. */
export const API_PREFIX = "/_api/";

/** The largest payload, bytes (HTTP API quotas). */
const LARGEST_PAYLOAD_BYTES = 10 * 1_024 * 1_024;

/** What serving an API works with. */
export interface Gateway {
  readonly world: World;
  readonly catalog: Catalog;
  readonly throttles: Throttles;
  readonly issuerKeys: IssuerKeys;
  readonly lambdaAuthorizers: LambdaAuthorizers;
  readonly accessLog: AccessLog;
  readonly metrics: ApiMetrics;
}

/** How a request ended, and what of it only the access log shows. */
interface Served {
  readonly answer: ApiAnswer;
  /** The tracing header that the function ran under. */
  readonly traceHeader?: string | undefined;
  readonly log: Pick<Ended, "authorizer" | "errorMessage" | "integrationError" | "integrationMs">;
}

/** Serves a request to an HTTP API: stage, route, limits, authorizer, function, answer, in this order. */
export async function serveApi(gateway: Gateway, given: PathRequest, context: RequestContext): Promise<RestAnswer> {
  const [name = "", rest] = splitOnce(given.path.slice(API_PREFIX.length));
  const api = gateway.catalog.find(decoded(name) ?? name);
  if (!api) return refusal(404, "Not Found").answer;
  if (given.body === undefined || given.body.length > LARGEST_PAYLOAD_BYTES) {
    return refusal(413, "Request Entity Too Large").answer;
  }
  const rawPath = decoded(rest);
  if (rawPath === undefined) return refusal(400, "Bad Request").answer;
  const request = readRequest(given, rawPath, given.body);
  const { origin } = request.headers;
  if (api.cors && origin !== undefined && isPreflight(request)) {
    return { status: 204, headers: preflightHeaders(api.cors, origin) };
  }
  const answer = await serveRequest(gateway, api, request, context);
  const headers = { "apigw-requestid": context.requestId, ...answer.headers };
  return { ...answer, headers: api.cors ? { ...withoutCors(headers), ...corsHeaders(api.cors, origin) } : headers };
}

function splitOnce(path: string): [name: string, rest: string] {
  const slash = path.indexOf("/");
  return slash < 0 ? [path, "/"] : [path.slice(0, slash), path.slice(slash)];
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

async function serveRequest(
  gateway: Gateway,
  api: HttpApi,
  given: ApiRequest,
  { requestId }: RequestContext,
): Promise<ApiAnswer> {
  const stage = stageOf(api, given.rawPath);
  if (!stage) return refusal(404, "Not Found").answer;
  const trace = beginRequestTrace(gateway.world, given.headers["x-amzn-trace-id"]);
  const request = { ...given, headers: { ...given.headers, "x-amzn-trace-id": trace.shown } };
  const match = findRoute(api.routes, request.method, pathInStage(stage, request.rawPath));
  const passage = { api, stage, match: match ?? NO_ROUTE, request, requestId, atMs: gateway.world.clock.now() };
  const startedAt = performance.now();
  const { answer, log, traceHeader } = match ? await servePassage(gateway, passage, trace) : refusal(404, "Not Found");
  const latencyMs = performance.now() - startedAt;
  trace.end(passage, answer.status, traceHeader);
  gateway.metrics(api.id, { status: answer.status, latencyMs, integrationMs: log.integrationMs });
  gateway.accessLog.write(passage, {
    ...log,
    status: answer.status,
    responseBytes: Buffer.byteLength(answer.body),
    latencyMs,
  });
  return answer;
}

const NO_ROUTE: RouteMatch = {
  route: { id: "-", key: "-", integrationId: undefined, authorizerId: undefined, scopes: [] },
  pathParameters: {},
};

/** The stage that a path's first part names, else the default one. */
function stageOf({ stages }: HttpApi, rawPath: string): Stage | undefined {
  const [, first] = rawPath.split("/");
  return stages.find(({ name }) => name === first) ?? stages.find(({ name }) => name === "$default");
}

async function servePassage(gateway: Gateway, passage: Passage, trace: RequestTrace): Promise<Served> {
  const { stage, match, atMs } = passage;
  if (!gateway.throttles(stage, match.route.key, atMs)) return refusal(429, "Too Many Requests");
  const authorization = await authorize(gateway, passage);
  switch (authorization.kind) {
    case "allowed":
      return integrate(gateway.world, passage, authorization.authorizer, trace);
    case "unauthorized":
      return refusal(401, "Unauthorized", authorization.challenge);
    case "forbidden":
      return refusal(403, "Forbidden", authorization.challenge);
    case "failed":
      return refusal(500, "Internal Server Error", undefined, { integrationError: authorization.reason });
  }
}

async function authorize(gateway: Gateway, passage: Passage): Promise<Authorization> {
  const { authorizerId, signed } = passage.match.route;
  if (signed) return authorizeBySignature(gateway.world, passage.request);
  if (authorizerId === undefined) return { kind: "allowed" };
  const authorizer = passage.api.authorizers.get(authorizerId);
  // A route that asks for an authorizer is never open because that one is missing.
  if (!authorizer) return { kind: "failed", reason: `There is no authorizer ${authorizerId}.` };
  return authorizer.type === "JWT"
    ? authorizeByToken(authorizer, passage, gateway.issuerKeys)
    : gateway.lambdaAuthorizers(authorizer, passage);
}

async function integrate(
  world: World,
  passage: Passage,
  authorizer: Members | undefined,
  trace: RequestTrace,
): Promise<Served> {
  const { match, api } = passage;
  const integration = api.integrations.get(match.route.integrationId ?? "");
  const about = authorizer ? { authorizer } : {};
  if (!integration) return refusal(500, "Internal Server Error", undefined, about);
  const startedAt = performance.now();
  const event = proxyEvent(world, passage, authorizer);
  const invoked = await invokeFunction(world, integration.functionArn, event, integration.timeoutMs, trace.passedOn);
  const { traceHeader } = invoked;
  const log = { ...about, integrationMs: performance.now() - startedAt };
  if (invoked.kind === "late" || invoked.kind === "throttled") {
    return refusal(503, "Service Unavailable", undefined, { ...log, integrationError: invoked.error });
  }
  const answer = invoked.kind === "answered" ? proxyAnswer(invoked.payload) : undefined;
  if (answer) return { answer, log, traceHeader };
  const integrationError = invoked.error ?? "The function's answer is not in the format of a response.";
  return { ...refusal(500, "Internal Server Error", undefined, { ...log, integrationError }), traceHeader };
}

/** The gateway's own answer. */
function refusal(status: number, message: string, challenge?: string, log: Served["log"] = {}): Served {
  const headers = { "content-type": "application/json", ...(challenge && { "www-authenticate": challenge }) };
  return { answer: { status, headers, body: JSON.stringify({ message }) }, log: { ...log, errorMessage: message } };
}
