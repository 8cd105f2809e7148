import { type App, Stack, Tags } from "aws-cdk-lib";
import { readConfiguration } from "./configuration.ts";
import { defineApi } from "./definition/api.ts";
import { defineFunctions } from "./definition/functions.ts";
import { defineObservability } from "./definition/observability.ts";
import { defineQueue } from "./definition/queue.ts";
import { namesOf } from "./names.ts";

/** The four stacks. */
export interface Stacks {
  readonly queue: Stack;
  readonly functions: Stack;
  readonly api: Stack;
  readonly observability: Stack;
}

/** Defines the system in four stacks, by the configuration in cdk.json; `-c region=eu-west-1` puts it elsewhere. @throws ReliqError `configuration` */
export function defineEventIngestion(app: App): Stacks {
  const configuration = readConfiguration(app.node);
  const names = namesOf(configuration.envName);
  const account = process.env["CDK_DEFAULT_ACCOUNT"];
  const region = app.node.tryGetContext("region") ?? "us-east-1";
  const stack = (name: string): Stack =>
    new Stack(app, `${names.stacks}-${name}`, { env: { region, ...(account && { account }) } });
  const stacks = {
    queue: stack("queue"),
    functions: stack("functions"),
    api: stack("api"),
    observability: stack("observability"),
  };
  for (const each of Object.values(stacks)) {
    Tags.of(each).add("Application", "event-ingestion");
    Tags.of(each).add("Environment", configuration.envName);
  }
  const parts = defineQueue(stacks.queue, configuration, names);
  const functions = defineFunctions(stacks.functions, configuration, names, parts);
  defineApi(stacks.api, configuration, names, functions);
  const { observability, ...watched } = stacks;
  defineObservability(observability, names, parts, Object.values(watched));
  return stacks;
}
