import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { freePort, type StartServer, startLocalRegion } from "../harness/server-process.ts";

/** The clients of a region's services. */
export interface RegionClients {
  readonly sqs: SQSClient;
  readonly dynamodb: DynamoDBClient;
  readonly s3: S3Client;
}

/** A local region of a chaos run, in a process of its own. */
export interface ChaosRegion extends RegionClients {
  readonly endpoint: string;
  /** The folder of the region's state and of what else the run writes; it stays for whoever looks why something was wrong. */
  readonly state: string;
  /** The process of the region that runs now. */
  readonly pid: () => number;
  /** Kills the region, and starts it again on its state and port. */
  readonly restart: () => Promise<void>;
}

/** Clients of the region at an endpoint; SQS without checksums of bodies, which take most of a client's time. */
export function regionClients(endpoint: string): RegionClients {
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const settings = { endpoint, region: "us-east-1", credentials };
  return {
    sqs: new SQSClient({ ...settings, md5: false }),
    dynamodb: new DynamoDBClient(settings),
    s3: new S3Client({ ...settings, forcePathStyle: true }),
  };
}

/** Starts a region, works with it, and ends it. @param startRegion how it is started on its empty state. @default without an assembly */
export async function withChaosRegion<T>(
  work: (region: ChaosRegion) => Promise<T>,
  startRegion: StartServer = startLocalRegion,
): Promise<T> {
  const state = mkdtempSync(join(tmpdir(), "reliq-chaos-"));
  const port = await freePort();
  let server = startRegion(port, join(state, "region"));
  const restart = async (): Promise<void> => {
    await server.end("SIGKILL");
    server = startLocalRegion(port, join(state, "region"));
    await server.untilAnswering();
  };
  const clients = regionClients(server.endpoint);
  try {
    await server.untilAnswering();
    return await work({ endpoint: server.endpoint, state, pid: () => server.pid, restart, ...clients });
  } finally {
    for (const client of Object.values(clients)) client.destroy();
    await server.end("SIGTERM");
  }
}
