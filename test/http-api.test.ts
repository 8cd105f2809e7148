import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Region, startRegion } from "@reliq/local";
import { App, CfnOutput, Stack } from "aws-cdk-lib";
import { HttpApi, HttpMethod, LogGroupLogDestination } from "aws-cdk-lib/aws-apigatewayv2";
import {
  HttpJwtAuthorizer,
  HttpLambdaAuthorizer,
  HttpLambdaResponseType,
} from "aws-cdk-lib/aws-apigatewayv2-authorizers";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import { Code, Function as LambdaFunction, Runtime } from "aws-cdk-lib/aws-lambda";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { afterEach, beforeEach, expect, test } from "vitest";

let directory: string;
let region: Region;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "reliq-http-api-"));
  region = await startRegion({ stateDirectory: join(directory, "state"), port: 0 });
});
afterEach(async () => {
  await region.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** What CDK makes of an API with both kinds of authorizers, a default and a named stage. */
function synthesize(): string {
  const app = new App({ outdir: join(directory, "cdk.out"), analyticsReporting: false });
  const stack = new Stack(app, "Shop");
  const code = join(mkdtempSync(join(directory, "code-")), "/");
  writeFileSync(
    join(code, "index.mjs"),
    `export const handler = async (event) => event.type === "REQUEST"
      ? { isAuthorized: event.headers.authorization === "let-me" }
      : { route: event.routeKey, url: process.env.URL };`,
  );
  const backend = new LambdaFunction(stack, "Backend", {
    runtime: Runtime.NODEJS_24_X,
    handler: "index.handler",
    code: Code.fromAsset(code),
  });
  const integration = new HttpLambdaIntegration("ToBackend", backend);
  const simple = new HttpLambdaAuthorizer("Simple", backend, { responseTypes: [HttpLambdaResponseType.SIMPLE] });
  const jwt = new HttpJwtAuthorizer("Jwt", "https://issuer.example", { jwtAudience: ["shop"] });
  const api = new HttpApi(stack, "Api", { apiName: "shop" });
  api.addRoutes({ path: "/orders/{id}", methods: [HttpMethod.GET], integration });
  api.addRoutes({ path: "/guarded", methods: [HttpMethod.GET], integration, authorizer: simple });
  api.addRoutes({ path: "/token", methods: [HttpMethod.GET], integration, authorizer: jwt });
  const destination = new LogGroupLogDestination(new LogGroup(stack, "Log"));
  const prod = api.addStage("Prod", {
    stageName: "prod",
    autoDeploy: true,
    throttle: { rateLimit: 100, burstLimit: 50 },
    accessLogSettings: { destination },
  });
  new CfnOutput(stack, "Endpoint", { value: api.apiEndpoint });
  new CfnOutput(stack, "Url", { value: api.url ?? "" });
  new CfnOutput(stack, "ProdUrl", { value: prod.url });
  return app.synth().directory;
}

test("an API that CDK synthesizes is served, and the outputs of its stack lead to it", async () => {
  const { stacks } = await region.deploy(synthesize());
  const outputs = stacks[0]?.outputs ?? {};
  expect(outputs["Endpoint"]).toBe(`${region.endpoint}/_api/shop`);
  for (const base of [`${outputs["Endpoint"]}/`, outputs["Url"], `${outputs["ProdUrl"]}/`]) {
    const answer = await fetch(`${base}orders/7`);
    expect([answer.status, await answer.json()]).toEqual([200, { route: "GET /orders/{id}" }]);
  }
  const status = async (path: string, authorization?: string): Promise<number> =>
    (await fetch(`${outputs["Url"]}${path}`, { headers: authorization ? { authorization } : {} })).status;
  expect([await status("guarded"), await status("guarded", "no"), await status("guarded", "let-me")]).toEqual([
    401, 403, 200,
  ]);
  expect(await status("token")).toBe(401);
}, 120_000);
