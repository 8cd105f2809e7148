import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { configuredPage } from "@reliq/core/recovery";
import { App, Stack, Validations } from "aws-cdk-lib";
import { Match, Template } from "aws-cdk-lib/assertions";
import { UserPool, UserPoolDomain } from "aws-cdk-lib/aws-cognito";
import { AwsSolutionsChecks } from "cdk-nag";
import { afterAll, expect, test } from "vitest";
import { testStack } from "../../test/definition.ts";
import { Journal } from "../journal.ts";
import { Recovery } from "../recovery.ts";
import { RecoveryApi } from "../recovery-api.ts";
import { ReliableQueue } from "../reliable-queue.ts";
import { Console, type ConsoleProps } from "./console.ts";

/** Files such as the build makes: what is in them does not matter here. */
const files = mkdtempSync(join(tmpdir(), "reliq-console-"));
mkdirSync(join(files, "assets"));
writeFileSync(join(files, "assets", "index-1.js"), "");
writeFileSync(join(files, "icon.svg"), "<svg/>");
writeFileSync(join(files, "index.html"), "<html><head></head></html>");
afterAll(() => rmSync(files, { recursive: true }));

const ISSUER = {
  issuer: "https://id.example",
  clientId: "console",
  authorizeUrl: "https://id.example/authorize",
  tokenUrl: "https://id.example/token",
};

function define(
  props: Partial<ConsoleProps> = {},
  stack = testStack(),
): { readonly stack: Stack; readonly site: Console } {
  const site = new Console(stack, "Console", { files, signIn: ISSUER, ...props });
  const recovery = new Recovery(stack, "Recovery", {
    journal: new Journal(stack, "Journal"),
    entry: import.meta.filename,
  });
  recovery.attach(new ReliableQueue(stack, "Orders"));
  const { authorizer, url } = site;
  const api = new RecoveryApi(stack, "Api", { recovery, entry: import.meta.filename, authorizer, origins: [url] });
  site.addSystem("orders", api, [stack]);
  return { stack, site };
}

function withUserPool(): { readonly stack: Stack; readonly site: Console } {
  const stack = testStack();
  const userPool = new UserPool(stack, "People");
  const domain = new UserPoolDomain(stack, "SignIn", { userPool, cognitoDomain: { domainPrefix: "shop-people" } });
  return define({ signIn: { userPool, domain } }, stack);
}

test("the files are in a bucket that only CloudFront reads, over TLS, and every address is a page of the console", () => {
  const template = Template.fromStack(define().stack);
  template.hasResourceProperties("AWS::CloudFront::Distribution", {
    DistributionConfig: {
      DefaultCacheBehavior: Match.objectLike({
        ViewerProtocolPolicy: "redirect-to-https",
        FunctionAssociations: [Match.objectLike({ EventType: "viewer-request" })],
      }),
      Origins: [Match.objectLike({ OriginAccessControlId: Match.anyValue() })],
    },
  });
  template.hasResourceProperties("AWS::S3::BucketPolicy", {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Action: "s3:GetObject",
          Principal: { Service: "cloudfront.amazonaws.com" },
          Condition: { StringEquals: { "AWS:SourceArn": Match.anyValue() } },
        }),
      ]),
    },
  });
  template.hasResourceProperties("AWS::S3::Bucket", {
    PublicAccessBlockConfiguration: Match.objectLike({ BlockPublicAcls: true, RestrictPublicBuckets: true }),
  });
  template.hasOutput("ConsoleUrl", {});
});

test("the pages have the policy of the local console, and may ask the APIs and the issuer beside it", () => {
  const { stack } = define();
  const [headers] = Object.values(Template.fromStack(stack).findResources("AWS::CloudFront::ResponseHeadersPolicy"));
  const { SecurityHeadersConfig: security } = headers?.["Properties"].ResponseHeadersPolicyConfig ?? {};
  const policy = JSON.stringify(security.ContentSecurityPolicy.ContentSecurityPolicy);
  for (const part of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "https://id.example"]) {
    expect(policy).toContain(part);
  }
  expect(policy).not.toContain("unsafe");
  expect(security.FrameOptions.FrameOption).toBe("DENY");
  expect(security.StrictTransportSecurity.AccessControlMaxAgeSec).toBe(31_536_000);
  expect(configuredPage("<head></head>", ["'self'", "https://api.example"])).toContain(
    `content="connect-src 'self' https://api.example/"`,
  );
});

test("its APIs take the issuer's tokens from its pages alone", () => {
  const template = Template.fromStack(define().stack);
  template.hasResourceProperties("AWS::ApiGatewayV2::Authorizer", {
    AuthorizerType: "JWT",
    JwtConfiguration: { Issuer: "https://id.example", Audience: ["console"] },
  });
  template.allResourcesProperties("AWS::ApiGatewayV2::Route", { AuthorizationType: "JWT" });
  template.hasResourceProperties("AWS::ApiGatewayV2::Api", {
    CorsConfiguration: Match.objectLike({
      AllowOrigins: [{ "Fn::Join": ["", ["https://", { "Fn::GetAtt": [Match.anyValue(), "DomainName"] }]] }],
      AllowHeaders: Match.arrayWith(["authorization"]),
    }),
  });
});

test("people of a user pool sign in by a client without a secret, and their groups say their roles", () => {
  const template = Template.fromStack(withUserPool().stack);
  template.hasResourceProperties("AWS::Cognito::UserPoolClient", {
    AllowedOAuthFlows: ["code"],
    AllowedOAuthScopes: ["openid"],
    GenerateSecret: false,
    CallbackURLs: [Match.anyValue()],
  });
  for (const own of ["RELIQ_SYSTEMS", "FAILED_TABLE"]) {
    template.hasResourceProperties("AWS::Lambda::Function", {
      Environment: { Variables: Match.objectLike({ RELIQ_API_ROLE_CLAIM: "cognito:groups", [own]: Match.anyValue() }) },
    });
  }
});

test("what is deployed beside the pages names the APIs and the issuer, and no secret", () => {
  const template = Template.fromStack(withUserPool().stack);
  const deployments = Object.values(template.findResources("Custom::CDKBucketDeployment"));
  expect(deployments).toHaveLength(2);
  const markers = JSON.stringify(deployments.map(({ Properties }) => Properties.SourceMarkers));
  for (const part of ["Api", "ConsoleClient", "shop-people"])
    expect(markers).toContain(part === "shop-people" ? "SignIn" : part);
});

test.each<[Partial<ConsoleProps>, string]>([
  [
    { signIn: { ...ISSUER, tokenUrl: "http://id.example/token" } },
    "`signIn` is an object; it takes { userPool, domain }",
  ],
  [{ domainName: "console.example" }, "it takes a name together with its `certificate`"],
  [{ files: tmpdir() }, "it takes the folder of the built files"],
  [{ webAclId: "acl" }, '`webAclId` is "acl"; it takes the ARN of a web ACL'],
])("refuses %o", (props, message) => {
  expect(() => define(props)).toThrow(message);
});

test("one function reads the stacks that are shown, what their queues hold and their metrics, and may do nothing else", () => {
  const { stack } = define();
  const template = Template.fromStack(stack);
  template.hasResourceProperties("AWS::Lambda::Function", {
    Environment: { Variables: { RELIQ_SYSTEMS: `{"orders":["${stack.stackName}"]}` } },
  });
  const [policy] = Object.entries(template.findResources("AWS::IAM::Policy")).filter(([id]) =>
    /RegionHandler/.test(id),
  );
  const statements = policy?.[1]["Properties"].PolicyDocument.Statement as { Action: string | string[] }[];
  const actions = statements.flatMap(({ Action }) => Action);
  expect(actions.filter((action) => !/^logs:(CreateLogStream|PutLogEvents)$/.test(action)).toSorted()).toEqual([
    "cloudformation:DescribeStacks",
    "cloudformation:GetTemplate",
    "cloudformation:ListStackResources",
    "cloudwatch:DescribeAlarms",
    "cloudwatch:GetDashboard",
    "cloudwatch:GetMetricData",
    "sqs:GetQueueAttributes",
    "xray:BatchGetTraces",
    "xray:GetTraceSummaries",
  ]);
  const unseen = define({}, testStack()).site;
  const elsewhere = new Stack(new App(), "Elsewhere", { env: { account: "1".repeat(12), region: "eu-west-1" } });
  expect(() => unseen.addSystem("other", { url: "https://api.example" }, [elsewhere])).toThrow(
    "it takes stacks of the console's own region and account",
  );
});

test("refuses a system that is there already, and a console that shows none", () => {
  const { site } = define();
  expect(() => site.addSystem("orders", { url: "https://api.example" })).toThrow("it takes another name");
  const app = new App({ builtinCloudFormationValidation: false });
  new Console(new Stack(app, "Test"), "Console", { files, signIn: ISSUER });
  expect(() => app.synth()).toThrow("it shows no system: addSystem(name, recoveryApi).");
});

test("passes the CDK's check against CloudFormation's schemas and the AwsSolutions pack", () => {
  const context = { "aws:cdk:bundling-stacks": [], "@aws-cdk/core:strictCfnValidateErrors": true };
  const app = new App({ context, outdir: mkdtempSync(join(files, "cdk.out-")) });
  define({}, new Stack(app, "Test"));
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  expect(() => app.synth()).not.toThrow();
}, 600_000);
