import { join } from "node:path";
import { BundledFunction, logAccess } from "@reliq/cdk";
import { CfnOutput, Duration, type Stack, Validations } from "aws-cdk-lib";
import { HttpApi, HttpMethod } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { named, PREFIX } from "../names.ts";
import type { Queues } from "./queues.ts";

/** Defines the API that takes orders, and gives its function. */
export function defineApi(stack: Stack, queues: Queues, fieldKey: IKey): LambdaFunction {
  const { function: take } = new BundledFunction(stack, "Api", {
    entry: join(import.meta.dirname, "../handlers/api.ts"),
    functionName: named("api"),
    timeout: Duration.seconds(10),
    environment: {
      FIELD_KEY: fieldKey.keyArn,
      ORDERS_QUEUE_URL: queues.orders.queue.queueUrl,
      LARGE_ORDERS_QUEUE_URL: queues.large_orders.queue.queueUrl,
      PRIORITY_ORDERS_QUEUE_URL: queues.priority_orders.queue.queueUrl,
    },
  });
  fieldKey.grant(take, "kms:GenerateDataKey");
  for (const key of ["orders", "large_orders", "priority_orders"] as const) queues[key].grantSend(take);
  const api = new HttpApi(stack, "HttpApi", { apiName: PREFIX });
  const [route] = api.addRoutes({
    path: "/orders",
    methods: [HttpMethod.POST],
    integration: new HttpLambdaIntegration("ToApi", take),
  });
  logAccess(api.defaultStage);
  const reason = "Customers have no account: who may order is for the shop's own site to say, which is before it.";
  if (route) Validations.of(route).acknowledge({ id: "AwsSolutions-APIG4", reason });
  new CfnOutput(stack, "ApiUrl", { value: api.apiEndpoint, description: "POST /orders here." });
  return take;
}
