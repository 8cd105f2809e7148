import { join } from "node:path";
import { BundledFunction } from "@reliq/cdk";
import { App, Stack } from "aws-cdk-lib";
import { HttpApi, HttpMethod } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import { Queue } from "aws-cdk-lib/aws-sqs";

// What the event ingestion is measured against: an API whose function only sends, to a queue that nobody reads.
const app = new App({ builtinCloudFormationValidation: false });
const stack = new Stack(app, "bare-ingest");
const queue = new Queue(stack, "Queue", { queueName: "bare" });
const { function: send } = new BundledFunction(stack, "Send", {
  entry: join(import.meta.dirname, "handler.ts"),
  functionName: "bare-send",
  memorySizeMb: 1_024,
  environment: { QUEUE_URL: queue.queueUrl },
});
queue.grantSendMessages(send);
new HttpApi(stack, "Api", { apiName: "bare-api" }).addRoutes({
  path: "/events",
  methods: [HttpMethod.POST],
  integration: new HttpLambdaIntegration("ToSend", send),
});
app.synth();
