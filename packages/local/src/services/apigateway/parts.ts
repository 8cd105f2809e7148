import type { Members } from "../../kernel/service.ts";
import { isIdentitySource } from "./authorizers/identity-source.ts";
import type { Cors, Integration, JwtAuthorizer, LambdaAuthorizer, Route, Stage, Throttle } from "./http-api.ts";
import {
  badRequest,
  functionArnOf,
  notServed,
  numberWithin,
  refuseOthers,
  requiredText,
  structure,
  texts,
} from "./input.ts";
import { LONGEST_TIMEOUT_MS } from "./invoke-function.ts";

/** The longest that an authorizer's results are kept, seconds (its API reference). */
const LONGEST_TTL_SECONDS = 3_600;

/** A part's record, its id apart. */
type Read<T> = Omit<T, "id">;

/** @throws BadRequestException */
export function readApi(properties: Members): { readonly name: string; readonly cors?: Cors } {
  if (requiredText(properties, "ProtocolType") !== "HTTP") throw notServed("APIs of other protocols than HTTP");
  const cors = structure(properties, "CorsConfiguration") as Cors;
  refuseOthers(cors as Members, CORS_MEMBERS, "CorsConfiguration");
  if (cors.AllowCredentials && [cors.AllowOrigins, cors.AllowHeaders, cors.AllowMethods].flat().includes("*")) {
    throw badRequest("CorsConfiguration: AllowCredentials does not go with * (HTTP API developer guide).");
  }
  const given = properties["CorsConfiguration"] !== undefined;
  return { name: requiredText(properties, "Name"), ...(given && { cors }) };
}

const CORS_MEMBERS = ["AllowCredentials", "AllowHeaders", "AllowMethods", "AllowOrigins", "ExposeHeaders", "MaxAge"];

/** `GET /orders/{id}`, with at most one greedy variable, at the end. */
const ROUTE_KEY =
  /^(ANY|DELETE|GET|HEAD|OPTIONS|PATCH|POST|PUT) \/(?:$|(?:(?:\{[\w.:-]+\}|[^/{}\s]+)\/)*(?:\{[\w.:-]+\+?\}|[^/{}\s]*)$)/;

const AUTHORIZATION_TYPES: readonly string[] = ["AWS_IAM", "CUSTOM", "JWT", "NONE"];

/** @throws BadRequestException */
export function readRoute(properties: Members): Read<Route> {
  const key = requiredText(properties, "RouteKey");
  const type = properties["AuthorizationType"] ?? "NONE";
  const authorizerId = properties["AuthorizerId"] as string | undefined;
  if (key !== "$default" && !ROUTE_KEY.test(key)) throw badRequest(`The RouteKey ${key} is not valid.`);
  if (!AUTHORIZATION_TYPES.includes(String(type))) throw notServed(`the AuthorizationType ${type}`);
  if ((type === "JWT" || type === "CUSTOM") !== (authorizerId !== undefined)) {
    throw badRequest(`${key}: the AuthorizationTypes JWT and CUSTOM go together with an AuthorizerId.`);
  }
  const target = properties["Target"] === undefined ? undefined : requiredText(properties, "Target");
  return {
    key,
    integrationId: target?.replace(/^integrations\//, ""),
    authorizerId,
    ...(type === "AWS_IAM" && { signed: true }),
    scopes: texts(properties, "AuthorizationScopes"),
  };
}

/** @throws BadRequestException */
export function readIntegration(properties: Members): Read<Integration> {
  const type = requiredText(properties, "IntegrationType");
  const version = requiredText(properties, "PayloadFormatVersion");
  if (type !== "AWS_PROXY") throw notServed(`integrations of the type ${type}`);
  if (version !== "2.0") throw notServed(`the PayloadFormatVersion ${version} of integrations`);
  return {
    functionArn: functionArnOf(properties, "IntegrationUri"),
    timeoutMs: numberWithin(properties, "TimeoutInMillis", 50, LONGEST_TIMEOUT_MS) ?? LONGEST_TIMEOUT_MS,
  };
}

/** @throws BadRequestException */
export function readAuthorizer(properties: Members): Read<JwtAuthorizer> | Read<LambdaAuthorizer> {
  const type = requiredText(properties, "AuthorizerType");
  const identitySources = texts(properties, "IdentitySource");
  const wrong = identitySources.find((source) => !isIdentitySource(source));
  if (wrong !== undefined) throw badRequest(`The IdentitySource ${wrong} is not valid.`);
  if (type === "JWT") return readJwtAuthorizer(properties, identitySources);
  if (type !== "REQUEST") throw badRequest(`The AuthorizerType ${type} is not valid.`);
  const payloadFormat = properties["AuthorizerPayloadFormatVersion"];
  if (payloadFormat !== "1.0" && payloadFormat !== "2.0") {
    throw badRequest("AuthorizerPayloadFormatVersion must be 1.0 or 2.0.");
  }
  const simpleResponses = String(properties["EnableSimpleResponses"] ?? false) === "true";
  if (simpleResponses && payloadFormat === "1.0") {
    throw badRequest("EnableSimpleResponses goes with AuthorizerPayloadFormatVersion 2.0.");
  }
  return {
    type,
    identitySources,
    functionArn: functionArnOf(properties, "AuthorizerUri"),
    payloadFormat,
    simpleResponses,
    ttlSeconds: numberWithin(properties, "AuthorizerResultTtlInSeconds", 0, LONGEST_TTL_SECONDS) ?? 0,
  };
}

function readJwtAuthorizer(properties: Members, identitySources: readonly string[]): Read<JwtAuthorizer> {
  const configuration = structure(properties, "JwtConfiguration");
  refuseOthers(configuration, ["Audience", "Issuer"], "JwtConfiguration");
  const [identitySource, ...others] = identitySources;
  if (identitySource === undefined || others.length > 0) throw badRequest("A JWT authorizer has one IdentitySource.");
  return {
    type: "JWT",
    identitySource,
    issuer: requiredText(configuration, "Issuer"),
    audience: texts(configuration, "Audience"),
  };
}

/** @throws BadRequestException */
export function readStage(properties: Members): Read<Stage> {
  const name = requiredText(properties, "StageName");
  if (!/^(\$default|[\w-]{1,128})$/.test(name)) throw badRequest(`The StageName ${name} is not valid.`);
  const log = structure(properties, "AccessLogSettings");
  refuseOthers(log, ["DestinationArn", "Format"], "AccessLogSettings");
  return {
    name,
    variables: structure(properties, "StageVariables") as Record<string, string>,
    defaultThrottle: readThrottle(structure(properties, "DefaultRouteSettings")),
    routeThrottles: Object.fromEntries(
      Object.entries(structure(properties, "RouteSettings")).map(([key, settings]) => [
        key,
        readThrottle(settings as Members),
      ]),
    ),
    ...(Object.keys(log).length > 0 && { accessLog: readAccessLog(log) }),
  };
}

/** Metrics and logging levels are kept without effect; HTTP APIs have no data trace. */
function readThrottle(settings: Members): Partial<Throttle> {
  refuseOthers(settings, ["DetailedMetricsEnabled", "ThrottlingBurstLimit", "ThrottlingRateLimit"], "route settings");
  const burst = numberWithin(settings, "ThrottlingBurstLimit", 0, Number.MAX_SAFE_INTEGER);
  const ratePerSecond = numberWithin(settings, "ThrottlingRateLimit", 0, Number.MAX_SAFE_INTEGER);
  return { ...(burst !== undefined && { burst }), ...(ratePerSecond !== undefined && { ratePerSecond }) };
}

function readAccessLog(log: Members): NonNullable<Stage["accessLog"]> {
  const arn = requiredText(log, "DestinationArn");
  const logGroupName = /^arn:aws:logs:[^:]*:\d*:log-group:([^:]+)/.exec(arn)?.[1];
  if (logGroupName === undefined) throw notServed(`access logs to ${arn}, which is no log group`);
  return { logGroupName, format: requiredText(log, "Format") };
}
