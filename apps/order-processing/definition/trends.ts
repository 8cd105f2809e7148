import { BundledFunction } from "@reliq/cdk";
import { Duration, type Stack } from "aws-cdk-lib";
import { Rule, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction as FunctionTarget } from "aws-cdk-lib/aws-events-targets";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { named } from "../names.ts";
import { acknowledgeAll, allow, handler } from "./services.ts";
import type { Tables } from "./tables.ts";
import type { Topics } from "./topics.ts";

/** Defines the function that looks, each five minutes, where backlogs and stocks are going. */
export function defineTrends(
  stack: Stack,
  { stock, trends }: Tables,
  { system_health: { topic } }: Topics,
): LambdaFunction {
  const { function: function_ } = new BundledFunction(stack, "Trends", {
    entry: handler("trends"),
    functionName: named("trends"),
    timeout: Duration.minutes(1),
    environment: {
      STOCK_TABLE: stock.tableName,
      TREND_TABLE: trends.tableName,
      HEALTH_TOPIC: topic.topicArn,
    },
  });
  allow(function_, ["dynamodb:Scan"], stock.tableArn);
  allow(function_, ["dynamodb:BatchWriteItem", "dynamodb:Scan"], trends.tableArn);
  allow(function_, ["sns:Publish"], topic.topicArn);
  allow(function_, ["cloudwatch:GetMetricData"], "*");
  acknowledgeAll(function_, "Only cloudwatch:GetMetricData, and metrics have no ARNs.");
  new Rule(stack, "TrendsSchedule", {
    description: "Backlogs and stocks are looked at for where they are going.",
    schedule: Schedule.rate(Duration.minutes(5)),
    targets: [new FunctionTarget(function_)],
  });
  return function_;
}
