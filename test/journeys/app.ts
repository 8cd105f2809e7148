import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { SQSClient } from "@aws-sdk/client-sqs";
import { startReliq } from "./command.ts";
import { untilReady } from "./region.ts";

/** An app that runs in a local region. */
export interface RunningApp {
  readonly endpoint: string;
  readonly settings: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  readonly sqs: SQSClient;
  /** The URL of a queue. */
  readonly url: (queue: string) => string;
}

/** Makes the packages run from their source. */
const CDK_JSON = '{ "app": "node --conditions=@reliq/source app.ts" }';

/** Writes an app, file by file, beside the packages so that they are found (git ignores the name), and runs it as a person would. */
export async function withApp<T>(
  files: Readonly<Record<string, string>>,
  work: (app: RunningApp) => Promise<T>,
  flags: readonly string[] = [],
): Promise<T> {
  const directory = mkdtempSync(join("apps", ".reliq-journey-"));
  for (const [path, text] of Object.entries({ "cdk.json": CDK_JSON, ...files })) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  const running = startReliq(["run", directory, "--port", "0", "--state", join(directory, ".reliq"), ...flags]);
  try {
    const endpoint = await untilReady(running);
    const settings = { endpoint, region: "us-east-1", credentials: { accessKeyId: "x", secretAccessKey: "x" } };
    return await work({
      endpoint,
      settings,
      sqs: new SQSClient(settings),
      url: (queue) => `${endpoint}/000000000000/${queue}`,
    });
  } catch (error) {
    throw new Error(`The app printed: ${running.output()}`, { cause: error });
  } finally {
    running.child.kill("SIGINT");
    await running.ended;
    rmSync(directory, { recursive: true, force: true });
  }
}
