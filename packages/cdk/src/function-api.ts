import { CorsHttpMethod, HttpApi, HttpMethod, type IHttpRouteAuthorizer } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpIamAuthorizer, HttpJwtAuthorizer } from "aws-cdk-lib/aws-apigatewayv2-authorizers";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";
import { logAccess } from "./access-log.ts";

/** Whose tokens are taken. */
export interface TokenIssuer {
  /** `https://…` */
  readonly issuer: string;
  readonly audience: readonly string[];
  /** The claim that says the caller's role: viewer, operator or approver. @default "reliq_role" */
  readonly roleClaim?: string;
}

interface FunctionApiOptions {
  /** @default IAM */
  readonly authorizer?: TokenIssuer;
  /** Web pages that may call; none where there are none. */
  readonly origins: readonly string[];
  /** @default a name that CDK makes */
  readonly apiName?: string;
}

/** Makes an HTTP API of one function, whatever the path, behind an authorizer; each request is logged. */
export function functionApi(
  scope: Construct,
  handler: LambdaFunction,
  { authorizer, origins, apiName }: FunctionApiOptions,
): HttpApi {
  const api = new HttpApi(scope, "Api", {
    ...(apiName !== undefined && { apiName }),
    ...(origins.length > 0 && { corsPreflight: preflight(origins) }),
  });
  api.addRoutes({
    path: "/{proxy+}",
    methods: [HttpMethod.GET, HttpMethod.POST],
    integration: new HttpLambdaIntegration("ToHandler", handler),
    authorizer: routeAuthorizer(authorizer),
  });
  logAccess(api.defaultStage);
  return api;
}

function routeAuthorizer(authorizer: TokenIssuer | undefined): IHttpRouteAuthorizer {
  if (!authorizer) return new HttpIamAuthorizer();
  return new HttpJwtAuthorizer("Tokens", authorizer.issuer, { jwtAudience: [...authorizer.audience] });
}

function preflight(origins: readonly string[]): {
  allowOrigins: string[];
  allowMethods: CorsHttpMethod[];
  allowHeaders: string[];
} {
  return {
    allowOrigins: [...origins],
    allowMethods: [CorsHttpMethod.GET, CorsHttpMethod.POST],
    allowHeaders: ["authorization", "content-type", "x-amz-date", "x-amz-security-token", "x-amz-content-sha256"],
  };
}
