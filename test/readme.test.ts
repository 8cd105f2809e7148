import { readFileSync } from "node:fs";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { withApp } from "./journeys/app.ts";
import { reliq } from "./journeys/command.ts";
import { readAccounts } from "./journeys/region.ts";

const README = readFileSync("README.md", "utf8");

/** The first own consumer of the README, file by file: each snippet begins with its path. */
function readFiles(): Readonly<Record<string, string>> {
  const snippets = [...README.matchAll(/```ts\n\/\/ (\S+)\n([\s\S]*?)```/g)];
  const cdkJson = /`(\{ "app": .*\})`/.exec(README)?.[1] ?? "";
  return { "cdk.json": cdkJson, ...Object.fromEntries(snippets.map(([, path = "", code = ""]) => [path, code])) };
}

test("the README's first consumer runs as it is printed, and processes a message", async () => {
  await withApp(readFiles(), async ({ endpoint, sqs }) => {
    const QueueUrl = await firstQueueUrl(endpoint);
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{"orderId":"o-1","amount":3}' }));
    await expect
      .poll(async () => (await readAccounts(endpoint))[0], { timeout: 20_000, interval: 300 })
      .toMatchObject({ accepted: 1, processed: 1, difference: 0 });
  });
}, 240_000);

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
}, 120_000);
