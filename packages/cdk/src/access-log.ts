import { ReliqError } from "@reliq/core";
import { RemovalPolicy } from "aws-cdk-lib";
import type { CfnStage, IHttpStage } from "aws-cdk-lib/aws-apigatewayv2";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";

/** What a line says of a request. Not who sent it: an address is personal data, and what a caller did is in what it called. */
const FIELDS = ["requestId", "requestTime", "routeKey", "status", "responseLatency", "integrationErrorMessage"];

/**
 * Has each request to an HTTP API written down, also those that no function saw: one line of JSON, kept for a month in a log group that
 * goes with the stack. `logAccess(api.defaultStage)`.
 * @throws ReliqError `construct-prop` without a stage that this app defines.
 */
export function logAccess(stage: IHttpStage | undefined): void {
  const definition = stage?.node.defaultChild as CfnStage | undefined;
  if (!stage || !definition) {
    const fix = "give it the API's `defaultStage`, or the HttpStage of one that has none";
    throw new ReliqError("construct-prop", `Access can only be logged at a stage that this app defines: ${fix}.`);
  }
  const { logGroupArn } = new LogGroup(stage, "AccessLog", {
    retention: RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  definition.accessLogSettings = {
    destinationArn: logGroupArn,
    format: JSON.stringify(Object.fromEntries(FIELDS.map((name) => [name, `$context.${name}`]))),
  };
}
