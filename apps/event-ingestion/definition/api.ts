import { logAccess } from "@reliq/cdk";
import { CfnOutput, Duration, type Stack, Validations } from "aws-cdk-lib";
import { CorsHttpMethod, HttpApi, HttpMethod, HttpStage } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpIamAuthorizer } from "aws-cdk-lib/aws-apigatewayv2-authorizers";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import type { Configuration } from "../configuration.ts";
import type { Names } from "../names.ts";
import type { FunctionParts } from "./functions.ts";

/** Defines the API: events for all, redrives for whom IAM lets. */
export function defineApi(
  stack: Stack,
  { throttleRatePerSecond, throttleBurst, corsOrigins }: Configuration,
  names: Names,
  { ingest, redrive }: Pick<FunctionParts, "ingest" | "redrive">,
): HttpApi {
  const api = new HttpApi(stack, "Api", {
    apiName: names.api,
    createDefaultStage: false,
    corsPreflight: {
      allowOrigins: [...corsOrigins],
      allowMethods: [CorsHttpMethod.GET, CorsHttpMethod.POST],
      allowHeaders: ["authorization", "content-type", "idempotency-key", "x-correlation-id", ...SIGNING],
      exposeHeaders: ["retry-after", "x-correlation-id"],
      maxAge: Duration.hours(1),
    },
  });
  const stage = new HttpStage(stack, "Stage", {
    httpApi: api,
    stageName: "$default",
    autoDeploy: true,
    throttle: { rateLimit: throttleRatePerSecond, burstLimit: throttleBurst },
  });
  logAccess(stage);
  const toIngest = new HttpLambdaIntegration("ToIngest", ingest);
  const toRedrive = new HttpLambdaIntegration("ToRedrive", redrive);
  const authorizer = new HttpIamAuthorizer();
  const open = [
    ...api.addRoutes({ path: "/health", methods: [HttpMethod.GET], integration: toIngest }),
    ...api.addRoutes({ path: "/events", methods: [HttpMethod.POST], integration: toIngest }),
  ];
  const reason =
    "Events come from clients that AWS does not know; the throttle bounds what they can do, and redrives are signed.";
  for (const route of open) Validations.of(route).acknowledge({ id: "AwsSolutions-APIG4", reason });
  api.addRoutes({ path: "/redrive/preview", methods: [HttpMethod.GET], integration: toRedrive, authorizer });
  api.addRoutes({ path: "/redrive/start", methods: [HttpMethod.POST], integration: toRedrive, authorizer });
  new CfnOutput(stack, "ApiUrl", { value: api.apiEndpoint, description: "POST /events here." });
  return api;
}

/** What a page sends that signs its requests. */
const SIGNING = ["x-amz-content-sha256", "x-amz-date", "x-amz-security-token"];
