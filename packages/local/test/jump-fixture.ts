import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { type Message, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach } from "vitest";
import { type Region, type RegionOptions, startRegion } from "../src/region.ts";

/** What tests of jumps do: a region whose time can jump, and clients of the real SDK. */
export interface JumpFixture {
  readonly directory: string;
  readonly region: Region;
  readonly sqs: SQSClient;
  readonly dynamodb: DynamoDBClient;
  readonly cloudwatch: CloudWatchClient;
  /** Stops the region and starts another on its state. */
  restart(options?: Partial<RegionOptions>): Promise<void>;
  receive(QueueUrl: string, WaitTimeSeconds?: number): Promise<Message[]>;
}

/** Gives each test of a file a region of its own. */
export function useJumpFixture(): () => JumpFixture {
  let fixture: JumpFixture;
  const open = async (directory: string, options: Partial<RegionOptions>): Promise<JumpFixture> => {
    const stateDirectory = join(directory, "state");
    const region = await startRegion({ stateDirectory, port: 0, jumps: true, ...options });
    const settings = {
      endpoint: region.endpoint,
      region: "us-east-1",
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
      maxAttempts: 1,
    };
    const sqs = new SQSClient(settings);
    return {
      directory,
      region,
      sqs,
      dynamodb: new DynamoDBClient(settings),
      cloudwatch: new CloudWatchClient(settings),
      restart: async (next = {}) => {
        await region.stop();
        fixture = await open(directory, next);
      },
      receive: async (QueueUrl, WaitTimeSeconds = 0) => {
        const more = { MaxNumberOfMessages: 10, MessageSystemAttributeNames: ["All" as const] };
        const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds, ...more }));
        return Messages;
      },
    };
  };
  beforeEach(async () => {
    fixture = await open(mkdtempSync(join(tmpdir(), "reliq-jump-")), {});
  });
  afterEach(async () => {
    await fixture.region.stop();
    rmSync(fixture.directory, { recursive: true, force: true });
  });
  return () => fixture;
}
