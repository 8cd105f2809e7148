import { Journal } from "@reliq/cdk";
import { type App, RemovalPolicy, Stack, Tags } from "aws-cdk-lib";
import { readConfiguration } from "./configuration.ts";
import { defineApi } from "./definition/api.ts";
import { defineFailover } from "./definition/failover.ts";
import { fanOut } from "./definition/fan-out.ts";
import { defineFieldKey } from "./definition/field-key.ts";
import { defineMonitoring } from "./definition/monitoring.ts";
import { otherRegion } from "./definition/other-region.ts";
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
  const other = otherRegion(configuration);
  const tables = defineTables(stack, other);
  const journal = new Journal(stack, "Journal", { tableName: named("journal"), removalPolicy: RemovalPolicy.DESTROY });
  const fieldKey = defineFieldKey(stack, other);
  const services = defineServices(stack, configuration, { queues, tracking, tables, journal, fieldKey });
  const onStreams = defineStreams(stack, { queues, topics, tables });
  subscribeAll(topics, configuration, {
    queues: { notifications: queues.notifications.queue, tracking: tracking.queue },
    functions: { restock: defineRestock(stack, tables) },
  });
  const recovery = defineRecovery(stack, configuration, { journal, queues: [...Object.values(queues), tracking] });
  const api = defineApi(stack, queues, fieldKey);
  const trends = defineTrends(stack, tables, topics);
  defineRemediation(stack, configuration.remediation, { services, journal, topics });
  defineMonitoring(stack, queues, topics);
  if (other) {
    // What is told is told by the active region: its notifications are sent wherever they are.
    const { notifications: _, ...consuming } = services;
    const working = [...Object.values(consuming).map((each) => each.function), ...onStreams, trends, recovery.function];
    defineFailover(stack, other, { api, working, queues, tables });
    fanOut(stack, other, topics, { notifications: queues.notifications, tracking });
  }
  return stack;
}
