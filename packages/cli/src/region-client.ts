import type { RegionStatus } from "@reliq/local";
import { CommandError } from "./command-error.ts";

/** Where the local region answers unless `--endpoint` or AWS_ENDPOINT_URL says otherwise. */
export const DEFAULT_ENDPOINT = "http://127.0.0.1:4566";

/** Reads the status of the region at an endpoint. @throws CommandError where none answers */
export async function regionStatus(endpoint: string): Promise<RegionStatus> {
  return readRegion(endpoint, "/_reliq/status");
}

/** Calls an action of the region that the AWS SDK does not have, such as `AmazonSQS.ReliqDescribeQueues`. */
export async function callRegion<Output>(
  endpoint: string,
  target: string,
  input: Readonly<Record<string, unknown>>,
): Promise<Output> {
  const headers = { "x-amz-target": target, "content-type": "application/x-amz-json-1.0" };
  return (await request(endpoint, "/", { method: "POST", headers, body: JSON.stringify(input) })) as Output;
}

/** Reads a path of the region, such as `/2015-03-31/reliq-invocations?MessageId=…`. */
export async function readRegion<Output>(endpoint: string, path: string): Promise<Output> {
  return (await request(endpoint, path, {})) as Output;
}

async function request(endpoint: string, path: string, init: RequestInit): Promise<unknown> {
  const response = await fetch(new URL(path, endpoint), init).catch((error: unknown) => {
    throw new CommandError(
      `No local region answers at ${endpoint}. Start one with \`reliq local start\`, or name another with --endpoint URL.`,
      { cause: error },
    );
  });
  if (!response.ok) throw new CommandError(`${endpoint} refused: ${response.status} ${await response.text()}`);
  return response.json();
}
