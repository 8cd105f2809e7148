import type { Stack } from "aws-cdk-lib";
import { Match, Template } from "aws-cdk-lib/assertions";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { expect, test } from "vitest";
import { allowed, testStack } from "../test/definition.ts";
import { Journal } from "./journal.ts";
import { Recovery } from "./recovery.ts";
import { RecoveryApi, type RecoveryApiProps } from "./recovery-api.ts";
import { ReliableQueue } from "./reliable-queue.ts";

function define(props: Partial<RecoveryApiProps> = {}): { readonly stack: Stack; readonly api: RecoveryApi } {
  const stack = testStack();
  const recovery = new Recovery(stack, "Recovery", {
    journal: new Journal(stack, "Journal"),
    entry: import.meta.filename,
  });
  recovery.attach(new ReliableQueue(stack, "Orders"));
  return { stack, api: new RecoveryApi(stack, "Api", { recovery, entry: import.meta.filename, ...props }) };
}

test("without more, only requests signed by IAM pass, and nobody may approve", () => {
  const template = Template.fromStack(define().stack);
  template.allResourcesProperties("AWS::ApiGatewayV2::Route", { AuthorizationType: "AWS_IAM" });
  template.hasOutput("RecoveryApiUrl", {});
  template.hasResourceProperties("AWS::Lambda::Function", {
    Timeout: 29,
    Environment: { Variables: { FAILED_TABLE: Match.anyValue(), RELIQ_API_APPROVERS: Match.absent() } },
  });
});

test("with an issuer, its tokens pass, and their claim says the role", () => {
  const { stack } = define({ authorizer: { issuer: "https://id.example", audience: ["reliq"], roleClaim: "role" } });
  const template = Template.fromStack(stack);
  template.allResourcesProperties("AWS::ApiGatewayV2::Route", { AuthorizationType: "JWT" });
  template.hasResourceProperties("AWS::Lambda::Function", {
    Environment: { Variables: { RELIQ_API_ROLE_CLAIM: "role" } },
  });
});

test("a role can be let in, and the function may send to what recovery serves", () => {
  const { stack, api } = define({ approvers: ["arn:aws:iam::111122223333:role/lead"] });
  api.grantInvoke(new Role(stack, "Person", { assumedBy: new ServicePrincipal("ec2.amazonaws.com") }));
  expect(allowed(stack)).toContainEqual({ actions: "execute-api:Invoke", resource: expect.anything() });
  Template.fromStack(stack).hasResourceProperties("AWS::Lambda::Function", {
    Environment: { Variables: { RELIQ_API_APPROVERS: "arn:aws:iam::111122223333:role/lead" } },
  });
});

test("its function is traced where it is asked for, and only there", () => {
  const traced = define({ tracing: "active" });
  Template.fromStack(traced.stack).hasResourceProperties("AWS::Lambda::Function", {
    Timeout: 29,
    TracingConfig: { Mode: "Active" },
  });
  expect(allowed(traced.stack)).toContainEqual(expect.objectContaining({ resource: "*" }));
  Template.fromStack(define().stack).hasResourceProperties("AWS::Lambda::Function", {
    Timeout: 29,
    TracingConfig: Match.absent(),
  });
});

test.each<[Partial<RecoveryApiProps>, string]>([
  [{ authorizer: { issuer: "id.example", audience: [] } }, "`authorizer` is an object; it takes { issuer, audience"],
  [{ approvers: ["a,b"] }, "`approvers` is a list; it takes a list of ARNs"],
  [{ tracing: "on" as never }, '`tracing` is "on"; it takes "active" or "off"'],
  [{ apiName: "a b" }, '`apiName` is "a b"; it takes 1 to 128'],
])("refuses %o", (props, message) => {
  expect(() => define(props)).toThrow(message);
});
