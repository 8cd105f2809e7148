import { type App, Stack, Tags } from "aws-cdk-lib";
import { readConfiguration } from "./configuration.ts";
import { defineApi } from "./definition/api.ts";
import { defineQueues } from "./definition/queues.ts";
import { defineServices } from "./definition/services.ts";
import { defineTables } from "./definition/tables.ts";
import { defineTopics } from "./definition/topics.ts";
import { PREFIX } from "./names.ts";

/** Defines the system in one stack, by the configuration in cdk.json; `-c region=eu-west-1` puts it elsewhere. @throws ReliqError `configuration` */
export function defineOrderProcessing(app: App): Stack {
  const configuration = readConfiguration(app.node);
  const account = process.env["CDK_DEFAULT_ACCOUNT"];
  const region = app.node.tryGetContext("region") ?? "us-east-1";
  const stack = new Stack(app, PREFIX, { env: { region, ...(account && { account }) } });
  Tags.of(stack).add("Application", PREFIX);
  const queues = defineQueues(stack);
  const topics = defineTopics(stack, configuration);
  const tables = defineTables(stack);
  defineServices(stack, configuration, { queues, topics, tables });
  defineApi(stack, queues);
  return stack;
}
