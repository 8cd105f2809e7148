import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { SQSClient } from "@aws-sdk/client-sqs";
import { startReliq } from "./command.ts";
import { untilReady } from "./region.ts";

/** An app that runs in a local region. */
export interface RunningApp {
  readonly endpoint: string;
  /** Where its files are. */
  readonly directory: string;
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
  const { app, printed, end } = await startApp(files, flags);
  try {
    return await work(app);
  } catch (error) {
    throw new Error(`The app printed: ${printed()}`, { cause: error });
  } finally {
    await end();
  }
}

/** An app that several tests share, until its end. */
export interface StartedApp {
  readonly app: RunningApp;
  readonly printed: () => string;
  readonly end: () => Promise<void>;
}

/** Starts an app as `withApp` does. */
export async function startApp(
  files: Readonly<Record<string, string>>,
  flags: readonly string[] = [],
): Promise<StartedApp> {
  const directory = mkdtempSync(join("apps", ".reliq-journey-"));
  for (const [path, text] of Object.entries({ "cdk.json": CDK_JSON, ...files })) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  const running = startReliq(["run", directory, "--port", "0", "--state", join(directory, ".reliq"), ...flags]);
  const end = async (): Promise<void> => {
    running.child.kill("SIGINT");
    await running.ended;
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    const endpoint = await untilReady(running);
    const settings = { endpoint, region: "us-east-1", credentials: { accessKeyId: "x", secretAccessKey: "x" } };
    const url = (queue: string): string => `${endpoint}/000000000000/${queue}`;
    const app = { endpoint, directory, settings, sqs: new SQSClient(settings), url };
    return { app, printed: running.output, end };
  } catch (error) {
    await end();
    throw error;
  }
}
