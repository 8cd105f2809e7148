import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { reliq, startReliq } from "./journeys/command.ts";
import { readAccounts, untilReady } from "./journeys/region.ts";

const README = readFileSync("README.md", "utf8");

/** The first own consumer of the README, file by file: each snippet begins with its path. */
function writeSnippets(directory: string): void {
  for (const [, path = "", code = ""] of README.matchAll(/```ts\n\/\/ (\S+)\n([\s\S]*?)```/g)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), code);
  }
  writeFileSync(join(directory, "cdk.json"), /`(\{ "app": .*\})`/.exec(README)?.[1] ?? "");
}

test("the README's first consumer runs as it is printed, and processes a message", async () => {
  // Beside the packages, so that they are found; git ignores the name.
  const directory = mkdtempSync(join("apps", ".reliq-readme-"));
  try {
    writeSnippets(directory);
    const running = startReliq(["run", directory, "--port", "0", "--state", join(directory, ".reliq")]);
    const endpoint = await untilReady(running);
    const credentials = { accessKeyId: "x", secretAccessKey: "x" };
    const QueueUrl = await firstQueueUrl(endpoint);
    await new SQSClient({ endpoint, region: "us-east-1", credentials }).send(
      new SendMessageCommand({ QueueUrl, MessageBody: '{"orderId":"o-1","amount":3}' }),
    );
    await expect
      .poll(async () => (await readAccounts(endpoint))[0], { timeout: 20_000, interval: 300 })
      .toMatchObject({ accepted: 1, processed: 1, difference: 0 });
    running.child.kill("SIGINT");
    expect((await running.ended).code).toBe(0);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}, 90_000);

async function firstQueueUrl(endpoint: string): Promise<string> {
  const queues = JSON.parse((await reliq("queues", "--json", "--endpoint", endpoint)).output) as {
    url: string;
    deadLetterTargetArn?: string;
  }[];
  return queues.find((queue) => queue.deadLetterTargetArn !== undefined)?.url ?? "";
}

test("every command that the README names exists", async () => {
  for (const [, command = ""] of README.matchAll(/npx reliq (local \w+|\w+)/g)) {
    const help = await reliq(...command.split(" "), "--help");
    expect(help.output, command).toContain(`Usage: reliq ${command}`);
  }
});
