import { CreateQueueCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { reliq, startReliq, withDirectory } from "./command.ts";
import { untilReady } from "./region.ts";

test("a person lets five minutes pass in a moment, and a region that was not started for it refuses", async () => {
  await withDirectory(async (state) => {
    const start = ["local", "start", "--port", "0", "--state", state];
    const first = startReliq([...start, "--jumps"]);
    const endpoint = await untilReady(first);
    await expect.poll(first.output).toContain("Ready in");
    expect(first.output()).toContain("Time can jump here (reliq local jump 5m)");
    const credentials = { accessKeyId: "x", secretAccessKey: "x" };
    const sqs = new SQSClient({ endpoint, region: "us-east-1", credentials });
    const Attributes = { VisibilityTimeout: "300" };
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "orders", Attributes }));
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "one" }));
    const receive = async () => (await sqs.send(new ReceiveMessageCommand({ QueueUrl }))).Messages?.length ?? 0;
    expect([await receive(), await receive()]).toEqual([1, 0]);

    expect(await reliq("local", "jump", "5m", "--endpoint", endpoint)).toEqual({
      code: 0,
      output: expect.stringMatching(/^The region's time is \d{4}-.*Z, 300 s ahead of this machine's\.\n$/),
    });
    expect(await receive()).toBe(1);
    expect(await reliq("local", "jump", "15d", "--endpoint", endpoint)).toEqual({
      code: 1,
      output: "A jump takes 1 to 1209600 whole seconds, not 1296000.\n",
    });
    first.child.kill("SIGINT");
    expect((await first.ended).code).toBe(0);

    const second = startReliq(start);
    const again = await untilReady(second);
    await expect.poll(second.output).toContain("The region is 300 s ahead of this machine's time, from jumps before");
    expect(await reliq("local", "jump", "5m", "--endpoint", again)).toEqual({
      code: 1,
      output: "Time does not jump in this region: start it with --jumps.\n",
    });
    second.child.kill("SIGINT");
    expect((await second.ended).code).toBe(0);
  });
}, 60_000);
