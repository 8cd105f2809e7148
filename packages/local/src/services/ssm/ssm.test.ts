import { join } from "node:path";
import {
  DeleteParameterCommand,
  DeleteParametersCommand,
  DescribeParametersCommand,
  GetParameterCommand,
  GetParameterHistoryCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  PutParameterCommand,
  type PutParameterCommandInput,
  SSMClient,
} from "@aws-sdk/client-ssm";
import { beforeEach, expect, test } from "vitest";
import { writeAssembly } from "../../../test/assembly-fixture.ts";
import { useJumpFixture } from "../../../test/jump-fixture.ts";

const fixture = useJumpFixture();
let ssm: SSMClient;

beforeEach(() => {
  ssm = clientOf();
});

const clientOf = (): SSMClient =>
  new SSMClient({
    endpoint: fixture().region.endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
  });
const put = (Name: string, Value: string, more: Partial<PutParameterCommandInput> = {}) =>
  ssm.send(new PutParameterCommand({ Name, Value, Type: "String", ...more }));
const readValue = async (Name: string, WithDecryption = false): Promise<string | undefined> =>
  (await ssm.send(new GetParameterCommand({ Name, WithDecryption }))).Parameter?.Value;

test("a parameter is kept over a restart, and each overwrite is a version that can be asked for", async () => {
  expect(await put("/shop/limit", "10")).toMatchObject({ Version: 1, Tier: "Standard" });
  await expect(put("/shop/limit", "20")).rejects.toMatchObject({ name: "ParameterAlreadyExists" });
  expect((await put("/shop/limit", "20", { Overwrite: true })).Version).toBe(2);
  await fixture().restart();
  ssm = clientOf();
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name: "/shop/limit" }));
  const ARN = "arn:aws:ssm:us-east-1:000000000000:parameter/shop/limit";
  expect(Parameter).toMatchObject({ Name: "/shop/limit", Value: "20", Version: 2, Type: "String", ARN });
  expect(Parameter?.LastModifiedDate).toBeInstanceOf(Date);
  expect([await readValue("/shop/limit:1"), await readValue(ARN)]).toEqual(["10", "20"]);
  await expect(readValue("/shop/limit:3")).rejects.toMatchObject({ name: "ParameterVersionNotFound" });
  const { Parameters } = await ssm.send(new GetParameterHistoryCommand({ Name: "/shop/limit" }));
  expect(Parameters?.map(({ Value }) => Value)).toEqual(["10", "20"]);
});

test("writers at once make one version each", async () => {
  await put("busy", "0");
  const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => put("busy", `${n}`, { Overwrite: true })));
  expect(answers.map(({ Version }) => Version).sort((a = 0, b = 0) => a - b)).toEqual(
    Array.from({ length: 10 }, (_, n) => n + 2),
  );
});

test("a secure text is readable with decryption only", async () => {
  await put("secret", "s3cret", { Type: "SecureString" });
  expect(await readValue("secret", true)).toBe("s3cret");
  expect(await readValue("secret")).not.toContain("s3cret");
});

test("several are got at once, and those that are not there are named", async () => {
  await put("one", "1");
  await put("list", "a,b", { Type: "StringList" });
  const { Parameters, InvalidParameters } = await ssm.send(
    new GetParametersCommand({ Names: ["list", "none", "one"] }),
  );
  expect(Parameters?.map(({ Value }) => Value)).toEqual(["a,b", "1"]);
  expect(InvalidParameters).toEqual(["none"]);
});

test("a path gives its own level, or all below it, page by page", async () => {
  for (const name of ["/shop/a", "/shop/b", "/shop/deep/c", "/shopping/d"]) await put(name, name);
  const under = async (Path: string, Recursive: boolean): Promise<(string | undefined)[]> => {
    const names: (string | undefined)[] = [];
    let NextToken: string | undefined;
    do {
      const page = await ssm.send(new GetParametersByPathCommand({ Path, Recursive, MaxResults: 2, NextToken }));
      names.push(...(page.Parameters ?? []).map(({ Name }) => Name));
      NextToken = page.NextToken;
    } while (NextToken);
    return names;
  };
  expect(await under("/shop", false)).toEqual(["/shop/a", "/shop/b"]);
  expect(await under("/shop/", true)).toEqual(["/shop/a", "/shop/b", "/shop/deep/c"]);
  expect(await under("/", true)).toHaveLength(4);
});

test("parameters are described and deleted", async () => {
  for (const name of ["a", "b", "c"]) await put(name, name, { Description: `the ${name}` });
  await ssm.send(new DeleteParameterCommand({ Name: "a" }));
  await expect(ssm.send(new DeleteParameterCommand({ Name: "a" }))).rejects.toMatchObject({
    name: "ParameterNotFound",
  });
  expect(await ssm.send(new DeleteParametersCommand({ Names: ["b", "x"] }))).toMatchObject({
    DeletedParameters: ["b"],
    InvalidParameters: ["x"],
  });
  const { Parameters } = await ssm.send(new DescribeParametersCommand({}));
  expect(Parameters).toMatchObject([{ Name: "c", Description: "the c" }]);
});

test.each<[string, Partial<PutParameterCommandInput>, RegExp]>([
  ["a name that is not whole", { Name: "shop/a" }, /fully qualified/],
  ["a reserved name", { Name: "/aws/a" }, /reserved/],
  ["no type", { Type: undefined }, /type is required/],
  ["a value that is too long", { Value: "x".repeat(4_097) }, /4096/],
  ["a value that its pattern refuses", { AllowedPattern: "\\d+" }, /allowedPattern/],
  ["a policy", { Policies: "[]" }, /Policies/],
])("%s is refused", async (_name, wrong, message) => {
  await expect(put("fine", "value", wrong)).rejects.toThrow(message);
});

test("a parameter of a template has a new version only where it changes, and goes with its stack", async () => {
  const { region, directory } = fixture();
  const deploy = (Resources: object): Promise<unknown> =>
    region.deploy(writeAssembly(join(directory, "cdk.out"), { Shop: { template: { Resources } } }));
  const limit = (Value: string): object => ({
    Limit: { Type: "AWS::SSM::Parameter", Properties: { Name: "/shop/limit", Type: "String", Value } },
    Copy: {
      Type: "AWS::SSM::Parameter",
      Properties: { Name: "copy", Type: "String", Value: { "Fn::GetAtt": ["Limit", "Value"] } },
    },
  });
  await deploy(limit("10"));
  await deploy(limit("10"));
  expect((await ssm.send(new GetParameterCommand({ Name: "/shop/limit" }))).Parameter?.Version).toBe(1);
  await deploy(limit("20"));
  expect([await readValue("/shop/limit:2"), await readValue("copy")]).toEqual(["20", "20"]);
  await deploy({ Queue: { Type: "AWS::SQS::Queue" } });
  await expect(readValue("copy")).rejects.toMatchObject({ name: "ParameterNotFound" });
});
