import { Journal } from "@reliq/cdk";
import { type App, RemovalPolicy, Stack, Tags } from "aws-cdk-lib";
import { Key } from "aws-cdk-lib/aws-kms";
import { readConfiguration } from "./configuration.ts";
import { defineApi } from "./definition/api.ts";
import { defineMonitoring } from "./definition/monitoring.ts";
import { defineQueues } from "./definition/queues.ts";
import { defineRecovery } from "./definition/recovery.ts";
import { defineRemediation } from "./definition/remediation.ts";
import { defineServices } from "./definition/services.ts";
import { defineRestock, defineStreams } from "./definition/streams.ts";
import { defineTables } from "./definition/tables.ts";
import { defineTopics, defineTrackingQueue, subscribeAll } from "./definition/topics.ts";
import { defineTrends } from "./definition/trends.ts";
import { named, PREFIX } from "./names.ts";

/** Defines the system in one stack, by the configuration in cdk.json; `-c region=eu-west-1` puts it elsewhere. @throws ReliqError `configuration` */
export function defineOrderProcessing(app: App): Stack {
  const configuration = readConfiguration(app.node);
  const account = process.env["CDK_DEFAULT_ACCOUNT"];
  const region = app.node.tryGetContext("region") ?? "us-east-1";
  const stack = new Stack(app, PREFIX, { env: { region, ...(account && { account }) } });
  Tags.of(stack).add("Application", PREFIX);
  const queues = defineQueues(stack);
  const tracking = defineTrackingQueue(stack);
  const topics = defineTopics(stack);
  const tables = defineTables(stack);
  const journal = new Journal(stack, "Journal", { tableName: named("journal"), removalPolicy: RemovalPolicy.DESTROY });
  const fieldKey = new Key(stack, "FieldKey", {
    alias: named("fields"),
    description: "Encrypts the data keys of what is personal in orders.",
    enableKeyRotation: true,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const services = defineServices(stack, configuration, { queues, tracking, tables, journal, fieldKey });
  defineStreams(stack, { queues, topics, tables });
  subscribeAll(topics, configuration, {
    queues: { notifications: queues.notifications.queue, tracking: tracking.queue },
    functions: { restock: defineRestock(stack, tables) },
  });
  defineRecovery(stack, configuration, { journal, queues: [...Object.values(queues), tracking] });
  defineApi(stack, queues, fieldKey);
  defineTrends(stack, tables, topics);
  defineRemediation(stack, configuration.remediation, { services, journal, topics });
  defineMonitoring(stack, queues, topics);
  return stack;
}
