import { resolve } from "node:path";
import type { DeployedResource, Deployment, Jump, JumpRequest, RegionStatus } from "@reliq/local";
import { CommandError } from "./command-error.ts";

/** The port of the local region unless `--port` says otherwise. */
export const DEFAULT_PORT = 4566;

/** Where the local region answers unless `--endpoint` or AWS_ENDPOINT_URL says otherwise. */
export const DEFAULT_ENDPOINT: string = `http://127.0.0.1:${DEFAULT_PORT}`;

/** Reads the status of the region at an endpoint. @throws CommandError where none answers */
export async function regionStatus(endpoint: string): Promise<RegionStatus> {
  return readRegion(endpoint, "/_reliq/status");
}

/** Reads what is deployed in the region at an endpoint, of some resource types. @throws CommandError where none answers */
export async function deployedResources(
  endpoint: string,
  types: readonly string[],
): Promise<readonly DeployedResource[]> {
  return readRegion(endpoint, `/_reliq/resources?${types.map((type) => `type=${type}`).join("&")}`);
}

/** Whether it is a local region that answers at an endpoint, and not something else that speaks as AWS does. @throws CommandError where nothing answers */
export async function isLocalRegion(endpoint: string): Promise<boolean> {
  const { ok, text } = await ask(endpoint, "/_reliq/status", {});
  return ok && text.startsWith("{");
}

/** Brings the region at an endpoint to what an assembly says. @throws CommandError with the region's own words where it refuses */
export async function deployAssembly(endpoint: string, assembly: string): Promise<Deployment> {
  const body = JSON.stringify({ assembly: resolve(assembly) });
  return (await request(endpoint, "/_reliq/deploy", { method: "POST", body })) as Deployment;
}

/** Sets the time of the region at an endpoint ahead. @throws CommandError with the region's own words where it refuses */
export async function jumpRegion(endpoint: string, jump: JumpRequest): Promise<Jump> {
  return (await request(endpoint, "/_reliq/jump", { method: "POST", body: JSON.stringify(jump) })) as Jump;
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
  const { ok, status, text } = await ask(endpoint, path, init);
  if (!ok) throw new CommandError(messageIn(text) ?? `${endpoint} refused: ${status} ${text}`);
  return JSON.parse(text);
}

async function ask(
  endpoint: string,
  path: string,
  init: RequestInit,
): Promise<{ readonly ok: boolean; readonly status: number; readonly text: string }> {
  const response = await fetch(new URL(path, endpoint), init).catch((error: unknown) => {
    throw new CommandError(
      `No local region answers at ${endpoint}. Start one with \`reliq local start\`, or name another with --endpoint URL.`,
      { cause: error },
    );
  });
  return { ok: response.ok, status: response.status, text: await response.text() };
}

/** What a refusal of the region says, where it is one. */
function messageIn(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { readonly message?: string }).message;
  } catch {
    return undefined;
  }
}
