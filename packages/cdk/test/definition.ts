import { App, type Environment, Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";

/** A stack whose bundles are not built: that is bundle.test.ts. @param env where it is. @default wherever it is deployed */
export function testStack(env: Environment = {}): Stack {
  const context = { "aws:cdk:bundling-stacks": [] };
  return new Stack(new App({ builtinCloudFormationValidation: false, context }), "Test", { env });
}

/** What the roles of a stack may do, statement by statement. */
export function allowed(stack: Stack): { actions: unknown; resource: unknown }[] {
  return Object.values(Template.fromStack(stack).findResources("AWS::IAM::Policy"))
    .flatMap((policy) => policy["Properties"].PolicyDocument.Statement)
    .map(({ Action, Resource }) => ({ actions: Action, resource: Resource }));
}
