import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startRegion } from "@reliq/local";
import { onTestFinished } from "vitest";

/** How an SDK client reaches a region. */
export interface ClientSettings {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** Starts a local region for one test, and ends it with the test; `jumps` lets its time jump. */
export async function localRegion(options: { readonly jumps?: boolean } = {}): Promise<ClientSettings> {
  const stateDirectory = await mkdtemp(join(tmpdir(), "reliq-aws-"));
  const region = await startRegion({ stateDirectory, port: 0, ...options });
  onTestFinished(async () => {
    await region.stop();
    await rm(stateDirectory, { recursive: true });
  });
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  return { endpoint: region.endpoint, region: "us-east-1", credentials };
}
