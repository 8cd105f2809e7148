import { createActivity } from "../../kernel/activity.ts";
import type { Service, World } from "../../kernel/service.ts";
import { createAccessLog } from "./access-log.ts";
import { apigatewayActions, apigatewayRoutes } from "./actions.ts";
import { createApiMetrics } from "./api-metrics.ts";
import { createIssuerKeys } from "./authorizers/issuer-keys.ts";
import { createLambdaAuthorizers } from "./authorizers/lambda-authorizer.ts";
import { openCatalog } from "./catalog.ts";
import { apigatewayResources } from "./resources.ts";
import { SCHEMA } from "./schema.ts";
import { API_PREFIX, type Gateway, serveApi } from "./serve.ts";
import { createThrottles } from "./throttle.ts";

/** Amazon API Gateway: HTTP APIs in front of functions, served under `/_api/`. */
export function apigatewayService(world: World): Service {
  world.store.define(SCHEMA);
  const activity = createActivity();
  const catalog = openCatalog(world);
  const accessLog = createAccessLog(world, activity);
  const gateway: Gateway = {
    world,
    catalog,
    throttles: createThrottles(),
    issuerKeys: createIssuerKeys(world.clock),
    lambdaAuthorizers: createLambdaAuthorizers(world),
    accessLog,
    metrics: createApiMetrics(world),
  };
  const actions = apigatewayActions(world, catalog);
  const onePage = "every one in one page";
  return {
    name: "apigateway",
    actions,
    partly: { GetApis: onePage, GetRoutes: onePage, GetStages: onePage },
    underWay: activity.underWay,
    rest: { routes: apigatewayRoutes(actions), errors: "json" },
    paths: { prefix: API_PREFIX, handle: (request, context) => serveApi(gateway, request, context) },
    resources: apigatewayResources(world, catalog),
    stop: () => accessLog.flush(),
  };
}
