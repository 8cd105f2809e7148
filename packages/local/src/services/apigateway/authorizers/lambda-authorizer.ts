import type { Members, World } from "../../../kernel/service.ts";
import { type Passage, pathInStage, requestMembers, routeArn } from "../event.ts";
import type { LambdaAuthorizer } from "../http-api.ts";
import { invokeFunction } from "../invoke-function.ts";
import type { Authorization } from "./authorization.ts";
import { identityAt } from "./identity-source.ts";
import { policyAllows } from "./policy.ts";

/** The most results that are kept at once; beyond them the oldest go. */
const MOST_RESULTS = 10_000;

interface Result {
  readonly untilMs: number;
  readonly answer: Members;
}

/** Authorizes by functions, whose answers are kept as long as each authorizer says. */
export type LambdaAuthorizers = (authorizer: LambdaAuthorizer, passage: Passage) => Promise<Authorization>;

/** HTTP API developer guide, Control access with Lambda authorizers. */
export function createLambdaAuthorizers(world: World): LambdaAuthorizers {
  const results = new Map<string, Result>();
  return async (authorizer, passage) => {
    const identities = authorizer.identitySources.map((source) => identityAt(source, passage));
    if (identities.includes(undefined)) return { kind: "unauthorized" };
    const key = JSON.stringify([authorizer.id, ...identities]);
    const kept = authorizer.ttlSeconds > 0 && identities.length > 0 ? results.get(key) : undefined;
    if (kept && kept.untilMs > passage.atMs) return decide(world, authorizer, passage, kept.answer);
    const event = authorizerEvent(world, authorizer, passage, identities as string[]);
    const { payload, error } = await invokeFunction(world, authorizer.functionArn, event);
    if (payload === undefined) return { kind: "failed", reason: error };
    const answer = (JSON.parse(payload) ?? {}) as Members;
    results.delete(key);
    results.set(key, { untilMs: world.clock.now() + authorizer.ttlSeconds * 1_000, answer });
    const [oldest] = results.keys();
    if (results.size > MOST_RESULTS && oldest !== undefined) results.delete(oldest);
    return decide(world, authorizer, passage, answer);
  };
}

/** A kept policy is asked anew for each route. */
function decide(world: World, { simpleResponses }: LambdaAuthorizer, passage: Passage, answer: Members): Authorization {
  const { isAuthorized, policyDocument, context } = answer;
  const allowed = simpleResponses ? isAuthorized : policyAllows(policyDocument, routeArn(world, passage));
  if (typeof allowed !== "boolean") return { kind: "failed", reason: "The authorizer's answer is not in its format." };
  if (!allowed) return { kind: "forbidden" };
  return { kind: "allowed", authorizer: { lambda: (context as Members | undefined) ?? null } };
}

function authorizerEvent(
  world: World,
  { payloadFormat }: LambdaAuthorizer,
  passage: Passage,
  identities: readonly string[],
): Members {
  if (payloadFormat === "1.0") return firstFormat(world, passage, identities);
  return {
    version: "2.0",
    type: "REQUEST",
    routeArn: routeArn(world, passage),
    identitySource: identities,
    ...requestMembers(world, passage),
  };
}

function firstFormat(world: World, passage: Passage, identities: readonly string[]): Members {
  const { request, match, stage, api, requestId, atMs } = passage;
  const [, resource = "$default"] = match.route.key.split(" ");
  const methodArn = routeArn(world, passage);
  return {
    version: "1.0",
    type: "REQUEST",
    methodArn,
    identitySource: identities.join(","),
    authorizationToken: identities.join(","),
    resource,
    path: pathInStage(stage, request.rawPath),
    httpMethod: request.method,
    headers: request.headers,
    queryStringParameters: request.query,
    pathParameters: match.pathParameters,
    stageVariables: stage.variables,
    requestContext: {
      accountId: world.accountId,
      apiId: api.id,
      httpMethod: request.method,
      identity: { sourceIp: request.sourceIp, userAgent: request.headers["user-agent"] },
      path: request.rawPath,
      requestId,
      requestTimeEpoch: atMs,
      resourcePath: resource,
      stage: stage.name,
    },
  };
}
