import type { Members, World } from "../../kernel/service.ts";
import type { ApiRequest } from "./api-request.ts";
import type { RouteMatch } from "./find-route.ts";
import type { HttpApi, Stage } from "./http-api.ts";

/** A request on its way through an API. */
export interface Passage {
  readonly api: HttpApi;
  readonly stage: Stage;
  readonly match: RouteMatch;
  readonly request: ApiRequest;
  readonly requestId: string;
  readonly atMs: number;
}

/** The bodies that a function gets as text; every other, also one without a type, is base64 (as HTTP APIs do). */
const TEXT = /^(text\/.*|application\/(json|javascript|xml))$/;

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** The event of a Lambda proxy integration, payload format 2.0 (HTTP API developer guide, Lambda proxy integrations). */
export function proxyEvent(world: World, passage: Passage, authorizer: Members | undefined): Members {
  const { request } = passage;
  const asText = TEXT.test((request.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase() ?? "");
  return {
    version: "2.0",
    ...requestMembers(world, passage, authorizer),
    ...(request.body.length > 0 && { body: request.body.toString(asText ? "utf8" : "base64") }),
    isBase64Encoded: request.body.length > 0 && !asText,
  };
}

/** What the events of functions and of Lambda authorizers have in common. */
export function requestMembers(world: World, passage: Passage, authorizer?: Members): Members {
  const { request, match, stage } = passage;
  const { cookies, query } = request;
  return {
    routeKey: match.route.key,
    rawPath: request.rawPath,
    rawQueryString: request.rawQueryString,
    ...(cookies.length > 0 && { cookies }),
    headers: request.headers,
    ...unlessEmpty("queryStringParameters", query),
    requestContext: requestContext(world, passage, authorizer),
    ...unlessEmpty("pathParameters", match.pathParameters),
    ...unlessEmpty("stageVariables", stage.variables),
  };
}

function unlessEmpty(name: string, members: Readonly<Record<string, string>>): Members {
  return Object.keys(members).length > 0 ? { [name]: members } : {};
}

function requestContext(world: World, passage: Passage, authorizer: Members | undefined): Members {
  const { api, stage, match, request, requestId, atMs } = passage;
  return {
    accountId: world.accountId,
    apiId: api.id,
    ...(authorizer && { authorizer }),
    domainName: domainName(world, api),
    domainPrefix: api.id,
    http: {
      method: request.method,
      path: request.rawPath,
      protocol: "HTTP/1.1",
      sourceIp: request.sourceIp,
      userAgent: request.headers["user-agent"] ?? "",
    },
    requestId,
    routeKey: match.route.key,
    stage: stage.name,
    time: requestTime(atMs),
    timeEpoch: atMs,
  };
}

/** The domain that the API would have on AWS. */
export function domainName({ region }: World, { id }: HttpApi): string {
  return `${id}.execute-api.${region}.amazonaws.com`;
}

/** `12/Mar/2020:19:03:58 +0000` */
export function requestTime(atMs: number): string {
  const [date = "", time = ""] = new Date(atMs).toISOString().split("T");
  const [year, month, day] = date.split("-");
  return `${day}/${MONTHS[Number(month) - 1]}/${year}:${time.slice(0, 8)} +0000`;
}

/** `arn:aws:execute-api:us-east-1:000000000000:abc/prod/GET/orders`: what a policy of an authorizer names. */
export function routeArn({ region, accountId }: World, { api, stage, match, request }: Passage): string {
  const route = match.route.key === "$default" ? "$default" : `${request.method}${pathInStage(stage, request.rawPath)}`;
  return `arn:aws:execute-api:${region}:${accountId}:${api.id}/${stage.name}/${route}`;
}

/** The path that routes are matched with. */
export function pathInStage({ name }: Stage, rawPath: string): string {
  return name === "$default" ? rawPath : rawPath.slice(name.length + 1) || "/";
}
