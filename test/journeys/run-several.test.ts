import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type Ended, startReliq } from "./command.ts";
import { readAccounts, untilReady } from "./region.ts";

/** An app of one queue, whose traffic is one message. */
const files = (name: string): Readonly<Record<string, string>> => ({
  "cdk.json": '{ "app": "node --conditions=@reliq/source app.ts" }',
  "app.ts": `
    import { App, CfnOutput, Stack } from "aws-cdk-lib";
    import { Queue } from "aws-cdk-lib/aws-sqs";
    const stack = new Stack(new App(), "${name}");
    const queue = new Queue(stack, "Queue", { queueName: "${name}" });
    new CfnOutput(stack, "QueueUrl", { value: queue.queueUrl });
  `,
  "traffic.ts": `
    import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
    export async function traffic({ client, output }) {
      const QueueUrl = output("${name}", "QueueUrl");
      await new SQSClient(client).send(new SendMessageCommand({ QueueUrl, MessageBody: "hello" }));
      await new Promise(() => {});
    }
  `,
});

function writeApp(directory: string, name: string): string {
  mkdirSync(join(directory, name));
  for (const [file, text] of Object.entries(files(name))) writeFileSync(join(directory, name, file), text);
  return join(directory, name);
}

test("several apps run in one region with traffic of their own, are kept until something changes, and are left alone with --quiet", async () => {
  const directory = mkdtempSync(join("apps", ".reliq-journey-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const apps = ["one", "two"].map((name) => writeApp(directory, name));
  const run = async (flags: readonly string[], expected: readonly number[]): Promise<Ended> => {
    const running = startReliq(["run", ...apps, "--port", "0", "--state", join(directory, ".reliq"), ...flags]);
    try {
      const endpoint = await untilReady(running);
      const accepted = async (): Promise<readonly number[]> =>
        (await readAccounts(endpoint)).map((account) => account.accepted);
      await expect.poll(accepted, { timeout: 20_000, interval: 200 }).toEqual(expected);
    } finally {
      running.child.kill("SIGINT");
    }
    return running.ended;
  };
  const first = await run([], [1, 1]);
  expect(first.output).toMatch(/Synthesizing 2 apps … (one|two) [\d.]+ s/);
  expect(first.output).toMatch(/Sending a few messages to .*one.*two/);
  expect(first.code).toBe(0);

  const second = await run(["--quiet"], [1, 1]);
  expect(second.output).toContain("Nothing of what they are made from has changed.");
  expect(second.output).not.toContain("Sending a few messages");

  writeFileSync(join(apps[1] ?? "", "app.ts"), `${files("two")["app.ts"]}\n// Changed.`);
  const third = await run(["--quiet"], [1, 1]);
  expect(third.output).toMatch(/Synthesizing 2 apps … two [\d.]+ s/);
}, 240_000);
