import { Match, Template } from "aws-cdk-lib/assertions";
import { HttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import { expect, test } from "vitest";
import { testStack } from "../test/definition.ts";
import { logAccess } from "./access-log.ts";

test("each request to an API is a line of JSON without the caller's address, in a log group that goes with the stack", () => {
  const stack = testStack();
  logAccess(new HttpApi(stack, "Api").defaultStage);
  const template = Template.fromStack(stack);
  template.hasResource("AWS::Logs::LogGroup", { DeletionPolicy: "Delete", Properties: { RetentionInDays: 30 } });
  template.hasResourceProperties("AWS::ApiGatewayV2::Stage", {
    AccessLogSettings: {
      DestinationArn: { "Fn::GetAtt": [Match.stringLikeRegexp("AccessLog"), "Arn"] },
      Format: Match.serializedJson(Match.objectLike({ status: "$context.status", routeKey: "$context.routeKey" })),
    },
  });
  expect(JSON.stringify(template.toJSON())).not.toContain("sourceIp");
});

test("an API without a stage has nothing to log", () => {
  const api = new HttpApi(testStack(), "Api", { createDefaultStage: false });
  expect(() => logAccess(api.defaultStage)).toThrow(/give it the API's `defaultStage`, or the HttpStage/);
});
