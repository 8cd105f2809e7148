import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { type MessageAttributeValue, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { buildConsole } from "../../harness/build-console.ts";
import { synthesizeApp } from "../../harness/synthesize-app.ts";
import { type Running, startReliq } from "../journeys/command.ts";

/** The stack of apps/self-healing, and its queue. */
export const HEALING = { system: "self-healing", queue: "self-healing-orders" };

/** The stack of apps/ordered-trading, and its queue. */
export const TRADING = { system: "OrderedMessageProcessingStack", queue: "fifo-processing-main-queue.fifo" };

/** A local region with two systems in it, and its console. */
export interface Stage {
  readonly endpoint: string;
  readonly console: string;
  /** Where the console was started: its game days' reports are there. */
  readonly directory: string;
  /** Sends a message to a queue, and gives its id. */
  readonly send: (queue: string, body: object | string, options?: SendOptions) => Promise<string>;
  /** Calls an operation of a system's API, as the console does. */
  readonly call: <Answer>(method: string, path: string, body?: object) => Promise<Answer>;
  readonly end: () => Promise<void>;
}

interface SendOptions {
  /** Attributes of type String. */
  readonly attributes?: Readonly<Record<string, string>>;
  readonly group?: string;
}

/** Builds the console, starts a region as a person would, and deploys the systems. */
export async function startStage(flags: readonly string[] = []): Promise<Stage> {
  buildConsole();
  const directory = mkdtempSync(join(tmpdir(), "reliq-browser-"));
  const [healing, trading] = ["healing", "trading"].map((name) => join(directory, name)) as [string, string];
  synthesizeApp("apps/self-healing", healing, { alertEmail: "ops@example.com" });
  synthesizeApp("apps/ordered-trading", trading, { enableRecoveryApi: true, alertEmail: "ops@example.com" });
  const ports = ["--port", "0", "--console-port", "0"];
  const args = ["local", "start", "--assembly", healing, "--state", join(directory, "state"), ...ports, ...flags];
  // It runs in a folder of its own, where reports of game days are the stories' own.
  symlinkSync(resolve("gamedays"), join(directory, "gamedays"));
  const running = startReliq(args, { as: "ann", cwd: directory });
  const end = async (): Promise<void> => {
    running.child.kill("SIGINT");
    await running.ended;
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    const [endpoint, address] = await untilServed(running);
    const body = JSON.stringify({ assembly: trading });
    const deployed = await fetch(`${endpoint}/_reliq/deploy`, { method: "POST", body });
    if (!deployed.ok) throw new Error(await deployed.text());
    return { endpoint, console: address, directory, end, ...clients(endpoint, address) };
  } catch (error) {
    await end();
    throw error;
  }
}

/** Where the region and its console are, once they are. @throws with what the command printed, where it ended instead */
async function untilServed({ child, output }: Running): Promise<readonly [endpoint: string, console: string]> {
  while (child.exitCode === null) {
    const address = /Console: (http:\/\/127\.0\.0\.1:\d+)/.exec(output())?.[1];
    const endpoint = /http:\/\/127\.0\.0\.1:\d+/.exec(output())?.[0];
    if (address !== undefined && endpoint !== undefined) return [endpoint, address];
    await wait(100);
  }
  throw new Error(`No console is served: ${output()}`);
}

function clients(endpoint: string, address: string): Pick<Stage, "call" | "send"> {
  const credentials = { accessKeyId: "x", secretAccessKey: "x" };
  const sqs = new SQSClient({ endpoint, region: "us-east-1", credentials });
  let sent = 0;
  return {
    send: async (queue, body, { attributes = {}, group } = {}) => {
      sent += 1;
      const command = new SendMessageCommand({
        QueueUrl: `${endpoint}/000000000000/${queue}`,
        MessageBody: typeof body === "string" ? body : JSON.stringify(body),
        MessageAttributes: Object.fromEntries(
          Object.entries(attributes).map(([name, StringValue]): [string, MessageAttributeValue] => [
            name,
            { DataType: "String", StringValue },
          ]),
        ),
        ...(group !== undefined && { MessageGroupId: group, MessageDeduplicationId: `${sent}` }),
      });
      return (await sqs.send(command)).MessageId ?? "";
    },
    call: async (method, path, body) => {
      const headers = { "x-reliq-console": "1", "content-type": "application/json" };
      const answer = await fetch(`${address}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${answer.status} ${text}`);
      return JSON.parse(text);
    },
  };
}

/** Serves the console of the stage's region once more, for somebody with another role. */
export async function serveAs(
  { endpoint }: Stage,
  role: string,
): Promise<{ readonly address: string; readonly end: () => Promise<unknown> }> {
  const running = startReliq(["console", "--endpoint", endpoint, "--console-port", "0", "--console-role", role], {
    as: "bob",
  });
  const end = (): Promise<unknown> => {
    running.child.kill("SIGINT");
    return running.ended;
  };
  try {
    return { address: (await untilServed(running))[1], end };
  } catch (error) {
    await end();
    throw error;
  }
}

/** Where screenshots are written. */
export const SCREENSHOTS = "test/browser/screenshots";
mkdirSync(SCREENSHOTS, { recursive: true });
