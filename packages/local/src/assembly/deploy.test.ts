import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type FixtureOptions, type FixtureStack, writeAssembly } from "../../test/assembly-fixture.ts";
import { type FakeProvider, fakeProvider } from "../../test/fake-provider.ts";
import { systemClock } from "../kernel/clock.ts";
import { openStore, type Store } from "../kernel/store.ts";
import { type DeployGround, type Deployment, deploy } from "./deploy.ts";
import { loadAssembly } from "./load-assembly.ts";
import { openStackStore } from "./stack-store.ts";

let directory: string;
let store: Store;
let queues: FakeProvider;
let functions: FakeProvider;
let endpoint: string;
let ground: DeployGround;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "reliq-deploy-"));
  store = openStore(join(directory, "state"));
  queues = fakeProvider(["QueueName", "RedrivePolicy", "FifoQueue", "VisibilityTimeout"]);
  functions = fakeProvider(["FunctionName", "Code", "Handler", "Role"]);
  endpoint = "http://127.0.0.1:4566";
  ground = { store, clock: systemClock(), accountId: "000000000000", region: "us-east-1", endpoint: () => endpoint };
});
afterEach(() => {
  store.close();
  rmSync(directory, { recursive: true, force: true });
});

function run(stacks: Record<string, FixtureStack>, options?: FixtureOptions): Promise<Deployment> {
  rmSync(join(directory, "cdk.out"), { recursive: true, force: true });
  const assembly = loadAssembly(writeAssembly(join(directory, "cdk.out"), stacks, options));
  return deploy(assembly, ground, { "AWS::SQS::Queue": queues, "AWS::Lambda::Function": functions });
}

const stackOf = (Resources: object, more: object = {}): FixtureStack => ({ template: { Resources, ...more } });
const queue = (Properties: object = {}, more: object = {}) => ({ Type: "AWS::SQS::Queue", Properties, ...more });
const put = (logicalId: string, change: string, type = "AWS::SQS::Queue") => ({ change, logicalId, type });
const made = (provider: FakeProvider) => provider.calls.splice(0);

test("creates resources after those they refer to, with the references resolved, and gives the outputs", async () => {
  const { stacks } = await run({
    Shop: stackOf(
      {
        Orders: queue({ RedrivePolicy: { deadLetterTargetArn: { "Fn::GetAtt": ["Dead", "Arn"] } } }),
        Dead: queue({ QueueName: "dead" }),
      },
      { Outputs: { Url: { Value: { Ref: "Orders" } } } },
    ),
  });
  expect(queues.calls).toEqual(["put Dead", "put Orders"]);
  const orders = [...queues.existing.values()].find(({ logicalId }) => logicalId === "Orders");
  expect(orders?.name).toMatch(/^Shop-Orders-[0-9a-f]{8}$/);
  expect(orders?.properties).toEqual({ RedrivePolicy: { deadLetterTargetArn: "arn:dead" } });
  expect(stacks).toMatchObject([{ name: "Shop", status: "CREATE_COMPLETE", outputs: { Url: `ref:${orders?.name}` } }]);
});

test("waits for DependsOn, and passes over one whose condition does not hold", async () => {
  await run({
    Shop: stackOf(
      { A: queue({}, { DependsOn: ["B", "C"] }), B: queue(), C: queue({}, { Condition: "Never" }) },
      { Conditions: { Never: { "Fn::Equals": [1, 2] } } },
    ),
  });
  expect(queues.calls).toEqual(["put B", "put A"]);
});

test("deploys the stack that exports before the one that imports, though the manifest does not say so", async () => {
  await run({
    Later: stackOf({ A: queue({ RedrivePolicy: { "Fn::ImportValue": "first:Name" } }) }),
    First: stackOf(
      { B: queue({ QueueName: "b" }) },
      { Outputs: { N: { Value: { "Fn::GetAtt": ["B", "Name"] }, Export: { Name: { "Fn::Sub": "first:Name" } } } } },
    ),
  });
  expect(made(queues)).toEqual(["put B", "put A"]);
});

test("what is so already is not put again, and writes nothing", async () => {
  const stacks = { Shop: stackOf({ A: queue({ VisibilityTimeout: 6 }) }, { Outputs: { A: { Value: { Ref: "A" } } } }) };
  await run(stacks);
  made(queues);
  const events = openStackStore(ground).events("Shop").length;
  const again = await run(stacks);
  expect(made(queues)).toEqual([]);
  expect(again.stacks).toMatchObject([{ status: "CREATE_COMPLETE", changes: [] }]);
  expect(openStackStore(ground).events("Shop")).toHaveLength(events);
});

test("a changed resource is put in place; what left the template is removed, the last created first", async () => {
  await run({ Shop: stackOf({ A: queue(), B: queue({ VisibilityTimeout: 1 }), C: queue({}, { DependsOn: "A" }) }) });
  const names = [...queues.existing.values()].map(({ logicalId, name }) => [logicalId, name] as const);
  const name = Object.fromEntries(names);
  made(queues);
  const { stacks } = await run({ Shop: stackOf({ B: queue({ VisibilityTimeout: 2 }) }) });
  expect(made(queues)).toEqual(["put B", `remove ${name["C"]}`, `remove ${name["A"]}`]);
  expect(stacks).toMatchObject([
    { status: "UPDATE_COMPLETE", changes: [put("B", "updated"), put("C", "removed"), put("A", "removed")] },
  ]);
  expect([...queues.existing.keys()]).toEqual([name["B"]]);
});

test("a retained resource outlives its template, and is taken up again with its data when it comes back", async () => {
  await run({ Shop: stackOf({ A: queue({}, { DeletionPolicy: "Retain" }) }) });
  await run({ Shop: stackOf({}) });
  expect(queues.existing.size).toBe(1);
  await run({ Shop: stackOf({ A: queue() }) });
  expect(queues.existing.size).toBe(1);
});

test("a resource with another name is a new one, and the old one is removed after it unless retained", async () => {
  await run({ Shop: stackOf({ A: queue({ QueueName: "one" }) }) });
  const second = await run({ Shop: stackOf({ A: queue({ QueueName: "two" }) }) });
  expect(made(queues)).toEqual(["put A", "put A", "remove one"]);
  expect(second.stacks[0]?.changes).toMatchObject([
    { change: "created", name: "two" },
    { change: "removed", name: "one" },
  ]);
  const third = await run({ Shop: stackOf({ A: queue({ QueueName: "three" }, { UpdateReplacePolicy: "Retain" }) }) });
  expect(third.stacks[0]?.changes[1]).toMatchObject({ change: "retained", name: "two" });
  expect([...queues.existing.keys()]).toEqual(["two", "three"]);
});

test("a function is put again when its bundle has moved, though its key is the same", async () => {
  const stacks = {
    Shop: stackOf({ F: { Type: "AWS::Lambda::Function", Properties: { Code: { S3Key: "abc.zip" } } } }),
  };
  const assets = { "abc.zip": { "index.mjs": "" } };
  await run({ Shop: { ...stacks.Shop, assets } });
  made(functions);
  const moved = loadAssembly(writeAssembly(join(directory, "moved.out"), { Shop: { ...stacks.Shop, assets } }));
  await deploy(moved, ground, { "AWS::Lambda::Function": functions });
  expect(made(functions)).toEqual(["put F"]);
  const request = [...functions.existing.values()][0];
  expect(request?.asset("abc.zip")).toBe(join(directory, "moved.out", "asset.abc"));
  expect(() => request?.asset("none.zip")).toThrow("the assembly has no asset none.zip");
});

test("a bundle without its handler's file is refused before anything is created", async () => {
  const code = { S3Key: "abc.zip" };
  const stack = (Handler: string): FixtureStack => ({
    ...stackOf({ Q: queue(), F: { Type: "AWS::Lambda::Function", Properties: { Handler, Code: code } } }),
    assets: { "abc.zip": { "index.mjs": "" } },
  });
  await expect(run({ Shop: stack("main.handler") })).rejects.toThrow(
    /^Stack Shop: F \(AWS::Lambda::Function\): the bundle .*asset\.abc has no main\.js, \.mjs or \.cjs for the handler/,
  );
  code.S3Key = "elsewhere.zip";
  await expect(run({ Shop: stack("index.handler") })).rejects.toThrow("elsewhere.zip is not an asset of the assembly");
  expect(queues.calls).toEqual([]);
  code.S3Key = "abc.zip";
  await run({ Shop: stack("index.handler") });
});

test("everything is put again when the region listens elsewhere: queue URLs hold its address", async () => {
  const stacks = { Shop: stackOf({ A: queue() }) };
  await run(stacks);
  made(queues);
  endpoint = "http://127.0.0.1:5000";
  await run(stacks);
  expect(made(queues)).toEqual(["put A"]);
});

test("a stack that is no longer in the assembly stays, and is reported", async () => {
  await run({ Old: stackOf({ A: queue() }) });
  const { notes } = await run({ New: stackOf({ A: queue() }) });
  expect(queues.existing.size).toBe(2);
  expect(notes).toEqual(["Stack Old is not in this assembly; it stays, with its data; DeleteStack removes it."]);
});

test("a stack that is bound to an account runs here, and says so", async () => {
  const { notes } = await run({ S: { ...stackOf({ A: queue() }), environment: "aws://123456789012/eu-west-1" } });
  expect(notes).toEqual([
    "Stack S is bound to aws://123456789012/eu-west-1; here it runs as aws://000000000000/us-east-1.",
  ]);
});

test("what has no local meaning is listed with its reason, and its ARN can be referred to", async () => {
  const { withoutEffect } = await run({
    Shop: stackOf({
      Role: { Type: "AWS::IAM::Role" },
      Other: { Type: "AWS::IAM::Role", Properties: { RoleName: "other" } },
      Bridge: { Type: "AWS::Events::EventBusPolicy" },
      F: { Type: "AWS::Lambda::Function", Properties: { Role: { "Fn::GetAtt": ["Other", "Arn"] } } },
      Q: queue({ Tags: [] }),
    }),
  });
  expect(withoutEffect).toEqual([
    { type: "AWS::Events::EventBusPolicy", count: 1, reason: "access is not checked locally" },
    { type: "AWS::IAM::Role", count: 2, reason: "access is not checked locally" },
    { type: "AWS::SQS::Queue.Tags", count: 1, reason: "shown, and nothing else" },
  ]);
  expect([...functions.existing.values()][0]?.properties).toEqual({ Role: "arn:aws:iam::000000000000:role/other" });
});

test("a resource that was kept without effect is put when a later version carries it out", async () => {
  const assembly = loadAssembly(
    writeAssembly(join(directory, "cdk.out"), { S: stackOf({ A: { Type: "AWS::IAM::Role" } }) }),
  );
  await deploy(assembly, ground, {});
  const keys = fakeProvider([]);
  await deploy(assembly, ground, { "AWS::IAM::Role": keys });
  expect(keys.calls).toEqual(["put A"]);
});

test("an unsupported type that matters stops everything before anything is created", async () => {
  await expect(
    run({
      A: stackOf({ Q: queue() }),
      B: stackOf({ Host: { Type: "AWS::EC2::Instance" }, Ip: { Type: "AWS::EC2::EIP" } }),
    }),
  ).rejects.toThrow(
    /^Stack B: Host has the type AWS::EC2::Instance, which the local region does not support; leave it out.*\. Nor does it support AWS::EC2::EIP\.$/,
  );
  expect(queues.calls).toEqual([]);
});

test("an unsupported property of a supported type stops everything, unless its condition takes no value", async () => {
  const property = { "Fn::If": ["Yes", { Ref: "AWS::NoValue" }, 1] };
  const Conditions = { Yes: { "Fn::Equals": [1, 1] } };
  await run({ S: stackOf({ Q: queue({ Odd: property }) }, { Conditions }) });
  await expect(run({ S: stackOf({ Q: queue({ Odd: 1 }) }) })).rejects.toThrow("Stack S: Q (AWS::SQS::Queue) sets Odd");
});

test("a resource whose type is no longer carried out is not forgotten, but says so", async () => {
  await run({ S: stackOf({ Q: queue() }) });
  const empty = loadAssembly(writeAssembly(join(directory, "empty.out"), { S: stackOf({}) }));
  await expect(deploy(empty, ground, {})).rejects.toThrow(
    "Q (AWS::SQS::Queue) cannot be removed: the local region does",
  );
  expect(openStackStore(ground).resources("S")).toMatchObject([{ logicalId: "Q", status: "DELETE_FAILED" }]);
});

test("a custom resource that is not CDK's own is refused by name", async () => {
  await expect(run({ S: stackOf({ C: { Type: "Custom::Mine" } }) })).rejects.toThrow(
    "Stack S: C has the type Custom::Mine, which the local region does not support; of the custom resources",
  );
});

test.each([
  ["a circle", { A: queue({ QueueName: { Ref: "B" } }), B: queue({}, { DependsOn: "A" }) }, "A → B → A"],
  [
    "a reference to nothing",
    { A: queue({ QueueName: { Ref: "X" } }) },
    "A.Properties.QueueName refers to X, which the",
  ],
  ["an unknown function", { A: queue({ QueueName: { "Fn::Cidr": [] } }) }, "A.Properties.QueueName: Fn::Cidr is not"],
  ["a dynamic reference", { A: queue({ QueueName: "{{resolve:ssm:x}}" }) }, "({{resolve:ssm:x}}) is not supported"],
  [
    "an import of nothing",
    { A: queue({ QueueName: { "Fn::ImportValue": "x" } }) },
    "imports x, which no stack exports",
  ],
])("%s is refused by name before anything is created", async (_, resources, message) => {
  await expect(run({ S: stackOf({ Z: queue(), ...resources }) })).rejects.toThrow(message);
  expect(queues.calls).toEqual([]);
});

test("a reference to a resource whose condition does not hold is refused", async () => {
  const Conditions = { Never: { "Fn::Equals": [1, 2] } };
  const resources = { A: queue({ QueueName: { Ref: "B" } }), B: queue({}, { Condition: "Never" }) };
  await expect(run({ S: stackOf(resources, { Conditions }) })).rejects.toThrow("to B, whose condition does not hold");
});

test("two resources of one name are refused, whichever stacks they are in", async () => {
  const named = stackOf({ Q: queue({ QueueName: "same" }) });
  await expect(run({ A: named, B: named })).rejects.toThrow(
    "Stack B: Q (AWS::SQS::Queue) cannot be called same: that is Q of stack A.",
  );
  expect(queues.calls).toEqual(["put Q"]);
});

test("two stacks that export one name are refused", async () => {
  const stack = stackOf({ Q: queue() }, { Outputs: { O: { Value: "v", Export: { Name: "same" } } } });
  await expect(run({ A: stack, B: stack })).rejects.toThrow("The stacks A and B both export same");
});

test("a parameter has its default; one without is refused; the bootstrap version is never looked up", async () => {
  const Parameters = {
    BootstrapVersion: { Type: "AWS::SSM::Parameter::Value<String>", Default: "/cdk-bootstrap/x/version" },
    Name: { Type: "String", Default: "from-default" },
  };
  await run({ S: stackOf({ Q: queue({ QueueName: { Ref: "Name" } }) }, { Parameters }) });
  expect([...queues.existing.keys()]).toEqual(["from-default"]);
  const without = stackOf({}, { Parameters: { Name: { Type: "String" } } });
  await expect(run({ S: without })).rejects.toThrow("Stack S: the parameter Name has no default");
  const looked = stackOf({}, { Parameters: { Ami: { Type: "AWS::SSM::Parameter::Value<String>", Default: "/a" } } });
  await expect(run({ S: looked })).rejects.toThrow("the parameter Ami has type AWS::SSM::Parameter::Value<String>");
});

test("a provider's refusal names stack and resource, and the next deployment goes on from there", async () => {
  let refuse = true;
  functions = fakeProvider(["Code"], () => {
    if (refuse) throw new Error("the handler file index.mjs is missing");
  });
  const stacks = { S: stackOf({ Q: queue(), F: { Type: "AWS::Lambda::Function", DependsOn: "Q" } }) };
  await expect(run(stacks)).rejects.toThrow(
    "Stack S: F (AWS::Lambda::Function): the handler file index.mjs is missing",
  );
  expect(openStackStore(ground).stack("S")).toMatchObject({ status: "CREATE_FAILED" });
  refuse = false;
  const { stacks: after } = await run(stacks);
  expect(after).toMatchObject([{ status: "CREATE_COMPLETE", changes: [put("F", "created", "AWS::Lambda::Function")] }]);
  expect(made(queues)).toEqual(["put Q"]);
});
