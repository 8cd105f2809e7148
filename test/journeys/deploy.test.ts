import { rmSync } from "node:fs";
import { join } from "node:path";
import { GetQueueAttributesCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { writeAssembly } from "../../packages/local/test/assembly-fixture.ts";
import { reliq, startReliq, withDirectory } from "./command.ts";
import { readPeeked, untilReady } from "./region.ts";

interface Shop {
  readonly visibilityTimeout: number;
  readonly answer: string;
  readonly more: object;
}

/** Synthesizes, as a person would after an edit: a queue, a function that gives an answer, and more. */
function synthesize(directory: string, { visibilityTimeout, answer, more }: Shop): string {
  const assembly = join(directory, "cdk.out");
  rmSync(assembly, { recursive: true, force: true });
  const Resources = {
    Orders: { Type: "AWS::SQS::Queue", Properties: { QueueName: "orders", VisibilityTimeout: visibilityTimeout } },
    Greet: {
      Type: "AWS::Lambda::Function",
      Properties: {
        FunctionName: "greet",
        Runtime: "nodejs24.x",
        Handler: "index.handler",
        Role: "arn:aws:iam::000000000000:role/greet",
        Code: { S3Bucket: "assets", S3Key: `${answer}.zip` },
      },
    },
    Kept: { Type: "AWS::SQS::Queue", Properties: { QueueName: "kept" } },
    ...more,
  };
  const Outputs = { OrdersUrl: { Value: { Ref: "Orders" } }, Greeter: { Value: { Ref: "Greet" } } };
  const code = `export const handler = async () => ${JSON.stringify(answer)};`;
  const assets = { [`${answer}.zip`]: { "index.mjs": code } };
  return writeAssembly(assembly, { Shop: { template: { Resources, Outputs }, assets } });
}

const queue = (QueueName: string): object => ({ Type: "AWS::SQS::Queue", Properties: { QueueName } });

test("a person changes a stack and deploys it to the running region: what changed is new, and the data is kept", async () => {
  await withDirectory(async (directory) => {
    const before = { visibilityTimeout: 6, answer: "before", more: { Old: queue("old") } };
    const assembly = synthesize(directory, before);
    const region = startReliq([
      ...["local", "start", "--assembly", assembly],
      ...["--port", "0", "--state", join(directory, "state")],
    ]);
    const endpoint = await untilReady(region);
    await expect.poll(region.output).toContain("Ready in");
    const deploy = () => reliq("local", "deploy", "--assembly", assembly, "--endpoint", endpoint);
    const sqs = new SQSClient({
      endpoint,
      region: "us-east-1",
      credentials: { accessKeyId: "x", secretAccessKey: "x" },
    });
    const QueueUrl = `${endpoint}/000000000000/orders`;
    const bodies = ["one", "two", "three"];
    for (const MessageBody of bodies) await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    expect((await reliq("invoke", "Greeter", "--endpoint", endpoint)).output).toBe('"before"\n');
    const arn = "arn:aws:lambda:us-east-1:000000000000:function:greet";
    expect((await reliq("invoke", arn, "--endpoint", endpoint)).output).toBe('"before"\n');
    expect(await reliq("invoke", "greeter", "--endpoint", endpoint)).toEqual({
      code: 1,
      output: `There is no function "greeter" in the region at ${endpoint}; what can be invoked: Greeter, greet.\n`,
    });

    synthesize(directory, { visibilityTimeout: 9, answer: "after", more: { More: queue("more") } });
    const deployed = await deploy();
    expect(deployed).toEqual({
      code: 0,
      output: [
        "Shop: UPDATE_COMPLETE",
        "  updated   Orders (AWS::SQS::Queue) orders",
        "  updated   Greet (AWS::Lambda::Function) greet",
        "  created   More (AWS::SQS::Queue) more",
        "  removed   Old (AWS::SQS::Queue) old",
        "  unchanged 1",
        `  OrdersUrl = ${QueueUrl}`,
        "  Greeter = greet",
        "permissions are not checked: AWS::Lambda::Function.Role (1)",
        "",
      ].join("\n"),
    });
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["VisibilityTimeout"] }),
    );
    expect(Attributes).toEqual({ VisibilityTimeout: "9" });
    expect((await readPeeked(endpoint, "orders")).map(({ Body }) => Body)).toEqual(bodies);
    expect((await reliq("invoke", "Greeter", "--endpoint", endpoint)).output).toBe('"after"\n');
    const queues = JSON.parse((await reliq("queues", "--json", "--endpoint", endpoint)).output) as { name: string }[];
    expect(queues.map(({ name }) => name).sort()).toEqual(["kept", "more", "orders"]);

    expect((await deploy()).output).toContain("Shop: UPDATE_COMPLETE\n  unchanged 4\n");
    synthesize(directory, { ...before, more: { Cache: { Type: "AWS::ElastiCache::CacheCluster" } } });
    expect(await deploy()).toEqual({
      code: 1,
      output: expect.stringMatching(
        /^Stack Shop: Cache has the type AWS::ElastiCache::CacheCluster, which the local region does not .*\n$/,
      ),
    });
    expect((await reliq("invoke", "Greeter", "--endpoint", endpoint)).output).toBe('"after"\n');
    region.child.kill("SIGINT");
    expect((await region.ended).code).toBe(0);
    expect(await deploy()).toEqual({
      code: 1,
      output: expect.stringMatching(/^No local region answers at http.*\n$/),
    });
  });
}, 120_000);
