import { createRequire } from "node:module";
import { recoveryFunctions } from "../journeys/recovery-functions.ts";
import type { Issuer } from "./issuer.ts";
import type { Site } from "./site.ts";

function functionEntry(): string {
  return createRequire(import.meta.url).resolve("@reliq/aws/functions/region-api");
}

/** A shop whose recovery takes an issuer's tokens, from the pages of a site. */
export function signedInShop(issuer: Issuer, site: Site): Readonly<Record<string, string>> {
  return {
    "app.ts": `
      import { join } from "node:path";
      import { App, CfnOutput, Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
      import { CorsHttpMethod, HttpApi } from "aws-cdk-lib/aws-apigatewayv2";
      import { HttpJwtAuthorizer } from "aws-cdk-lib/aws-apigatewayv2-authorizers";
      import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
      import { BundledFunction, Consumer, Journal, Monitoring, Recovery, RecoveryApi, ReliableQueue } from "@reliq/cdk";
      const stack = new Stack(new App(), "Shop");
      const entry = (name) => join(import.meta.dirname, name + ".ts");
      const journal = new Journal(stack, "Journal");
      const queue = new ReliableQueue(stack, "Orders", { queueName: "orders", maxReceiveCount: 1, visibilityTimeout: Duration.seconds(12) });
      new Consumer(stack, "Ship", { queue, journal, timeout: Duration.seconds(2), entry: entry("ship") });
      const recovery = new Recovery(stack, "Recovery", { journal, entry: entry("recovery"), personalFields: ["email"], removalPolicy: RemovalPolicy.DESTROY });
      recovery.attach(queue);
      const authorizer = { issuer: "${issuer.url}", audience: ["${issuer.clientId}"] };
      new RecoveryApi(stack, "RecoveryApi", { recovery, entry: entry("api"), authorizer, origins: ["${site.url}"] });
      new Monitoring(stack, "Monitoring", { dashboardName: "shop" });
      // What a Console makes for the stacks that it shows; the region has no CloudFront for its pages.
      const region = new BundledFunction(stack, "Region", {
        entry: "${functionEntry()}",
        timeout: Duration.seconds(29),
        environment: { RELIQ_SYSTEMS: JSON.stringify({ shop: ["Shop"] }) },
      });
      const allowMethods = [CorsHttpMethod.GET, CorsHttpMethod.POST];
      const regionApi = new HttpApi(stack, "RegionApi", {
        corsPreflight: { allowOrigins: ["${site.url}"], allowMethods, allowHeaders: ["authorization", "content-type"] },
      });
      regionApi.addRoutes({
        path: "/{proxy+}",
        integration: new HttpLambdaIntegration("ToRegion", region.function),
        authorizer: new HttpJwtAuthorizer("Tokens", authorizer.issuer, { jwtAudience: authorizer.audience }),
      });
      new CfnOutput(stack, "RegionApiUrl", { value: regionApi.apiEndpoint });`,
    "rules.ts": `
      export const RULES = { policy: { rules: [], secondApproval: { redrivesAbove: 2 } }, repairs: [] };`,
    ...recoveryFunctions(),
    "ship.ts": `
      import { lambdaHandler, portsFromEnvironment } from "@reliq/aws";
      import { consumer, ValidationFailure } from "@reliq/core";
      const schema = { "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) } };
      const ship = consumer({ name: "ship", schema, handle: ({ amount, email }) => {
        if (!(amount > 0)) throw new ValidationFailure("no amount for " + email);
      } });
      export const handler = lambdaHandler(ship, portsFromEnvironment());`,
  };
}
