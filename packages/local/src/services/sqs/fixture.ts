import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Message, ReceiveMessageCommand, type ReceiveMessageCommandInput, SQSClient } from "@aws-sdk/client-sqs";
import { type Region, type RegionOptions, startRegion } from "../../region.ts";

/** A region of a test's own, with a client of the real SDK on its socket. */
export interface TestRegion {
  readonly sqs: SQSClient;
  readonly region: Region;
  /** Stops the region and starts it again on the same state. */
  restart(): Promise<TestRegion>;
  close(): Promise<void>;
}

export async function openRegion(options: Partial<RegionOptions> = {}): Promise<TestRegion> {
  const stateDirectory = options.stateDirectory ?? (await mkdtemp(join(tmpdir(), "reliq-sqs-")));
  const region = await startRegion({ port: 0, ...options, stateDirectory });
  const sqs = new SQSClient({
    endpoint: region.endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    maxAttempts: 1,
  });
  const stop = async (): Promise<void> => {
    sqs.destroy();
    await region.stop();
  };
  return {
    sqs,
    region,
    restart: async () => {
      await stop();
      return openRegion({ ...options, stateDirectory });
    },
    close: async () => {
      await stop();
      await rm(stateDirectory, { recursive: true, force: true });
    },
  };
}

/** The messages of one receive. */
export async function receive(
  sqs: SQSClient,
  queueUrl: string,
  input: Partial<ReceiveMessageCommandInput> = {},
): Promise<Message[]> {
  const answer = await sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10, ...input }));
  return answer.Messages ?? [];
}
