import type { RestRoute } from "../../kernel/protocol/rest.ts";
import type { Action, Members, World } from "../../kernel/service.ts";
import { ServiceError } from "../../kernel/service-error.ts";
import type { Catalog } from "./catalog.ts";
import type { HttpApi, Route, Stage } from "./http-api.ts";
import { requiredText } from "./input.ts";
import { apiEndpoint } from "./resources.ts";

/** GetApi, GetApis, GetRoutes and GetStages: what is deployed, to read. */
export function apigatewayActions(world: World, catalog: Catalog): Record<string, Action> {
  const describe = (api: HttpApi): Members => ({
    apiEndpoint: apiEndpoint(world, catalog, api.id),
    apiId: api.id,
    createdDate: new Date(api.createdAt).toISOString(),
    name: api.name,
    protocolType: "HTTP",
    routeSelectionExpression: "$request.method $request.path",
    ...(api.cors && { corsConfiguration: lowerFirst(api.cors) }),
  });
  return {
    GetApi: (input) => describe(requestedApi(catalog, input)),
    GetApis: () => ({ items: catalog.all().map(describe) }),
    GetRoutes: (input) => ({ items: requestedApi(catalog, input).routes.map(describeRoute) }),
    GetStages: (input) => ({ items: requestedApi(catalog, input).stages.map(describeStage) }),
  };
}

/** The paths of those actions (API Gateway V2 API reference). */
export function apigatewayRoutes(actions: Readonly<Record<string, Action>>): RestRoute[] {
  const route = (action: string, path: string): RestRoute => ({
    method: "GET",
    path,
    action,
    handle: async ({ parameters }, context) => ({
      status: 200,
      headers: { "content-type": "application/json" },
      body: JSON.stringify(await actions[action]?.(parameters, context)),
    }),
  });
  return [
    route("GetApis", "/v2/apis"),
    route("GetApi", "/v2/apis/{ApiId}"),
    route("GetRoutes", "/v2/apis/{ApiId}/routes"),
    route("GetStages", "/v2/apis/{ApiId}/stages"),
  ];
}

/** @throws NotFoundException */
function requestedApi(catalog: Catalog, input: Members): HttpApi {
  const id = requiredText(input, "ApiId");
  const found = catalog.all().find((api) => api.id === id);
  if (found) return found;
  throw new ServiceError("NotFoundException", `Invalid API identifier specified ${id}`, { status: 404 });
}

function describeRoute({ id, key, integrationId, authorizerId, scopes }: Route): Members {
  return {
    apiKeyRequired: false,
    authorizationScopes: scopes,
    authorizerId,
    routeId: id,
    routeKey: key,
    target: integrationId && `integrations/${integrationId}`,
  };
}

function describeStage({ name, variables, defaultThrottle }: Stage): Members {
  return {
    autoDeploy: true,
    defaultRouteSettings: {
      throttlingBurstLimit: defaultThrottle.burst,
      throttlingRateLimit: defaultThrottle.ratePerSecond,
    },
    stageName: name,
    stageVariables: variables,
  };
}

function lowerFirst(members: object): Members {
  return Object.fromEntries(
    Object.entries(members).map(([name, value]) => [name.charAt(0).toLowerCase() + name.slice(1), value]),
  );
}
