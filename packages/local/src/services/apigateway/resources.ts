import type { Resource, ResourceProvider, ResourceRequest } from "../../kernel/resource.ts";
import type { Members, World } from "../../kernel/service.ts";
import { type Catalog, type PartKind, partId } from "./catalog.ts";
import { requiredText } from "./input.ts";
import { readApi, readAuthorizer, readIntegration, readRoute, readStage } from "./parts.ts";
import { API_PREFIX } from "./serve.ts";

/** The resource types of HTTP APIs. */
export function apigatewayResources(world: World, catalog: Catalog): Record<string, ResourceProvider> {
  return {
    "AWS::ApiGatewayV2::Api": apiProvider(world, catalog),
    "AWS::ApiGatewayV2::Authorizer": partProvider(catalog, "authorizer", readAuthorizer, {
      supported: [
        "AuthorizerPayloadFormatVersion",
        "AuthorizerResultTtlInSeconds",
        "AuthorizerType",
        "AuthorizerUri",
        "EnableSimpleResponses",
        "IdentitySource",
        "JwtConfiguration",
        "Name",
      ],
      kept: { AuthorizerCredentialsArn: "permissions are not checked" },
    }),
    "AWS::ApiGatewayV2::Deployment": deploymentProvider(),
    "AWS::ApiGatewayV2::Integration": partProvider(catalog, "integration", readIntegration, {
      supported: ["Description", "IntegrationType", "IntegrationUri", "PayloadFormatVersion", "TimeoutInMillis"],
      kept: {
        CredentialsArn: "permissions are not checked",
        IntegrationMethod: "functions are always invoked by POST",
      },
    }),
    "AWS::ApiGatewayV2::Route": partProvider(catalog, "route", readRoute, {
      supported: ["AuthorizationScopes", "AuthorizationType", "AuthorizerId", "OperationName", "RouteKey", "Target"],
    }),
    "AWS::ApiGatewayV2::Stage": partProvider(catalog, "stage", readStage, {
      supported: [
        "AccessLogSettings",
        "DefaultRouteSettings",
        "Description",
        "RouteSettings",
        "StageName",
        "StageVariables",
        "Tags",
      ],
      kept: { AutoDeploy: CHANGES_COUNT_AT_ONCE, DeploymentId: CHANGES_COUNT_AT_ONCE },
    }),
  };
}

const CHANGES_COUNT_AT_ONCE = "every stage serves what is deployed at once";

/** `AWS::ApiGatewayV2::Api`: its endpoint names it, or its id where another API of the name was there before. */
function apiProvider(world: World, catalog: Catalog): ResourceProvider {
  return {
    supported: ["CorsConfiguration", "Description", "Name", "ProtocolType", "Tags"],
    kept: {
      DisableExecuteApiEndpoint: "the local address is always there",
      IpAddressType: "the region listens on 127.0.0.1",
      RouteSelectionExpression: "HTTP APIs have but one",
      Version: "it is a note",
    },
    put: async ({ name, properties }) => {
      const id = partId(name);
      const record = readApi(properties);
      await catalog.put({ id, kind: "api", apiId: id, record });
      return { ref: id, attributes: { ApiEndpoint: apiEndpoint(world, catalog, id), ApiId: id } };
    },
    remove: ({ ref }) => catalog.remove(ref),
  };
}

/** Where an API is served. */
export function apiEndpoint(world: World, catalog: Catalog, id: string): string {
  const name = catalog.find(id)?.name ?? id;
  const isFirst = catalog.find(name)?.id === id;
  return `${world.endpoint()}${API_PREFIX}${encodeURIComponent(isFirst ? name : id)}`;
}

function partProvider(
  catalog: Catalog,
  kind: PartKind,
  read: (properties: Members) => object,
  { supported, kept }: Pick<ResourceProvider, "kept" | "supported">,
): ResourceProvider {
  return {
    supported: ["ApiId", ...supported],
    ...(kept && { kept }),
    put: async ({ name, properties }) => {
      const id = partId(name);
      const record = read(properties);
      await catalog.put({ id, kind, apiId: requiredText(properties, "ApiId"), record });
      return describePart(kind, id, properties);
    },
    remove: ({ attributes }) => catalog.remove(String(attributes["Id"])),
  };
}

function describePart(kind: PartKind, id: string, properties: Members): Resource {
  const ref = kind === "stage" ? requiredText(properties, "StageName") : id;
  return { ref, attributes: { Id: id, ...(kind === "authorizer" && { AuthorizerId: id }) } };
}

function deploymentProvider(): ResourceProvider {
  return {
    supported: ["ApiId", "Description", "StageName"],
    put: async ({ name }: ResourceRequest) => ({ ref: partId(name), attributes: { DeploymentId: partId(name) } }),
    remove: async () => {},
  };
}
