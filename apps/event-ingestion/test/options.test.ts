import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "aws-cdk-lib";
import { Match, Template } from "aws-cdk-lib/assertions";
import { afterAll, describe, expect, test } from "vitest";
import { defineEventIngestion, type Stacks } from "../stacks.ts";

const outdir = mkdtempSync(join(tmpdir(), "event-ingestion-"));
afterAll(() => rmSync(outdir, { recursive: true }));

const { context } = JSON.parse(readFileSync(join(import.meta.dirname, "../cdk.json"), "utf8")) as {
  readonly context: Record<string, unknown>;
};

/** Defines the system with other settings, without building its bundles. */
function define(changes: Record<string, unknown>): Stacks {
  return defineEventIngestion(
    new App({
      builtinCloudFormationValidation: false,
      outdir: mkdtempSync(join(outdir, "cdk.out-")),
      context: { ...context, "aws:cdk:bundling-stacks": [], ...changes },
    }),
  );
}

type Properties = Readonly<Record<string, unknown>>;

function propertiesOf(template: Template, type: string): readonly Properties[] {
  return Object.values(template.findResources(type)).map((resource) => resource["Properties"] as Properties);
}

/** The statements of the roles' policies. */
function statements(template: Template): readonly { readonly Action: unknown; readonly Resource: unknown }[] {
  return propertiesOf(template, "AWS::IAM::Policy").flatMap(
    ({ PolicyDocument }) => (PolicyDocument as { readonly Statement: [] }).Statement,
  );
}

describe("with useKmsCmk", () => {
  const { queue, functions } = define({ useKmsCmk: true });
  const kept = Template.fromStack(queue);
  const made = Template.fromStack(functions);

  test("every queue and table of both stacks is encrypted with the one key, which rotates", () => {
    kept.hasResourceProperties("AWS::KMS::Key", { EnableKeyRotation: true });
    const queues = [kept, made].flatMap((each) => propertiesOf(each, "AWS::SQS::Queue"));
    expect(queues.length).toBeGreaterThanOrEqual(3);
    for (const { KmsMasterKeyId } of queues) expect(KmsMasterKeyId).toBeDefined();
    const tables = [kept, made].flatMap((each) => propertiesOf(each, "AWS::DynamoDB::Table"));
    expect(tables).toHaveLength(4);
    for (const { SSESpecification } of tables) {
      expect(SSESpecification).toMatchObject({ SSEEnabled: true, SSEType: "KMS", KMSMasterKeyId: expect.anything() });
    }
  });

  test("the key's policy gives it to the account alone, whose roles say the rest", () => {
    const [{ KeyPolicy } = {}] = propertiesOf(kept, "AWS::KMS::Key");
    const { Statement } = KeyPolicy as { readonly Statement: readonly { readonly Principal: unknown }[] };
    const principals = JSON.stringify(Statement.map(({ Principal }) => Principal));
    expect(principals).toContain(":root");
    expect(principals).not.toContain('"*"');
  });

  test("each function may use the key, and no other", () => {
    const ofKeys = statements(made).filter(({ Action }) => JSON.stringify(Action).includes("kms:"));
    for (const { Resource } of ofKeys) expect(JSON.stringify(Resource)).toMatch(/Key[0-9A-F]{8}/);
    for (const name of ["Ingest", "Worker", "Redrive"]) {
      const policies = Object.entries(made.findResources("AWS::IAM::Policy")).filter(([id]) => id.startsWith(name));
      expect(JSON.stringify(policies), name).toContain("kms:Decrypt");
    }
  });
});

describe("with vpcEndpoints", () => {
  const made = Template.fromStack(define({ vpcEndpoints: "true" }).functions);

  test("the three functions are in subnets without a way out", () => {
    for (const FunctionName of ["ingest", "worker", "redrive"].map((name) => `ingestion-dev-${name}`)) {
      made.hasResourceProperties("AWS::Lambda::Function", {
        FunctionName,
        VpcConfig: { SubnetIds: [Match.anyValue(), Match.anyValue()], SecurityGroupIds: [Match.anyValue()] },
      });
    }
    made.resourceCountIs("AWS::EC2::NatGateway", 0);
    made.resourceCountIs("AWS::EC2::InternetGateway", 0);
    expect(statements(made)).toContainEqual(
      expect.objectContaining({ Action: expect.arrayContaining(["ec2:CreateNetworkInterface"]), Resource: "*" }),
    );
  });

  test("every service that a function may call has an endpoint there", () => {
    const endpoints = JSON.stringify(propertiesOf(made, "AWS::EC2::VPCEndpoint").map(({ ServiceName }) => ServiceName));
    const called = new Set(
      statements(made)
        .flatMap(({ Action }) => [Action].flat().map((action) => String(action).split(":")[0] ?? ""))
        .filter((service) => !["ec2", "logs", "xray"].includes(service)),
    );
    const names: Readonly<Record<string, string>> = { cloudwatch: "monitoring" };
    for (const service of called) expect(endpoints, service).toContain(`.${names[service] ?? service}`);
  });

  test("the endpoints take calls from the network over HTTPS only, and the functions none", () => {
    const groups = propertiesOf(made, "AWS::EC2::SecurityGroup");
    const ingress = groups.flatMap(({ SecurityGroupIngress }) => SecurityGroupIngress ?? []);
    expect(ingress).toEqual([expect.objectContaining({ IpProtocol: "tcp", FromPort: 443, ToPort: 443 })]);
  });

  test("a service behind the worker that could not be reached is refused", () => {
    expect(() => define({ vpcEndpoints: true, fulfilmentUrl: "https://fulfilment.example" })).toThrow(
      /`vpcEndpoints` is true and `fulfilmentUrl` https:\/\/fulfilment\.example/,
    );
  });
});

test.each(
  Object.keys(context).filter(
    (key) => !key.startsWith("@") && !["cli-telemetry", "aws:cdk:bundling-stacks"].includes(key),
  ),
)("the setting %s is checked, and the refusal names it", (key) => {
  expect(() => define({ [key]: { no: "value" } })).toThrow(new RegExp(`\`${key}[.\`]`));
});

test.each(["reservedConcurrency", "fulfilmentUrl"])(
  "the setting %s, which need not be there, is checked too",
  (key) => {
    expect(() => define({ [key]: "no" })).toThrow(new RegExp(`\`${key}\``));
  },
);
