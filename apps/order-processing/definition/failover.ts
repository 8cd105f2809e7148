import { BundledFunction } from "@reliq/cdk";
import { Duration, type Stack } from "aws-cdk-lib";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import type { QueueKey } from "../domain/queues.ts";
import { named } from "../names.ts";
import type { OtherRegion } from "./other-region.ts";
import type { Queues } from "./queues.ts";
import { allow, handler } from "./services.ts";
import type { SharedTable, Tables } from "./tables.ts";

interface FailoverParts {
  readonly api: LambdaFunction;
  /** What works in the active region only. */
  readonly working: readonly LambdaFunction[];
  readonly queues: Queues;
  readonly tables: Tables;
}

/** The queues that a takeover sends to. */
const SENT_TO: readonly QueueKey[] = ["orders", "priority_orders", "large_orders", "payments", "inventory", "shipping"];

/** Defines which functions ask whether their region is active, what the API needs to keep orders in both, and the function that takes over. */
export function defineFailover(stack: Stack, other: OtherRegion, parts: FailoverParts): void {
  const { api, working, queues, tables } = parts;
  if (!tables.ofBoth) return;
  const { intake, regions } = tables.ofBoth;
  const failover = defineFunction(stack, parts, intake);
  for (const each of [api, ...working, failover]) knowRegions(each, other, regions, stack);
  api.addEnvironment("INTAKE_TABLE", intake.tableName);
  for (const arn of [intake.tableArn, thereOf(stack, other, intake)]) allow(api, ["dynamodb:PutItem"], arn);
  allow(failover, ["dynamodb:PutItem"], regions.tableArn);
  for (const key of SENT_TO) queues[key].grantSend(failover);
}

function defineFunction(stack: Stack, { queues, tables }: FailoverParts, intake: SharedTable): LambdaFunction {
  const urls = SENT_TO.map((key) => [key, queues[key].queue.queueUrl]);
  const { function: function_ } = new BundledFunction(stack, "Failover", {
    entry: handler("failover"),
    functionName: named("failover"),
    timeout: Duration.minutes(1),
    environment: {
      INTAKE_TABLE: intake.tableName,
      ORDER_TABLE: tables.orders.tableName,
      RESERVATION_TABLE: tables.reservations.tableName,
      QUEUE_URLS: stack.toJsonString(Object.fromEntries(urls)),
    },
  });
  allow(function_, ["dynamodb:Scan"], intake.tableArn);
  for (const { tableArn } of [tables.orders, tables.reservations])
    allow(function_, ["dynamodb:BatchGetItem"], tableArn);
  return function_;
}

function knowRegions(function_: LambdaFunction, other: OtherRegion, regions: SharedTable, stack: Stack): void {
  const { name, first = stack.region, acknowledge, endpoint } = other;
  function_.addEnvironment("OTHER_REGION", name).addEnvironment("FIRST_REGION", first);
  function_.addEnvironment("REGIONS_TABLE", regions.tableName).addEnvironment("ACKNOWLEDGE", acknowledge);
  if (endpoint !== undefined) function_.addEnvironment("OTHER_ENDPOINT", endpoint);
  allow(function_, ["dynamodb:BatchGetItem", "dynamodb:GetItem"], regions.tableArn);
  allow(function_, ["dynamodb:GetItem"], thereOf(stack, other, regions));
}

/** The ARN of a table's replica in the other region. */
function thereOf(stack: Stack, { name: region }: OtherRegion, { tableName: resourceName }: SharedTable): string {
  return stack.formatArn({ service: "dynamodb", region, resource: "table", resourceName });
}
