import { userInfo } from "node:os";
import { type ApiAnswers, type ApiRequests, type OperationName, requestOf } from "@reliq/core/recovery";
import type { RegionStatus } from "@reliq/local";
import { CommandError } from "./command-error.ts";
import { regionStatus } from "./region-client.ts";
import { signRequest } from "./sign-request.ts";

/** How a command finds recovery's API. */
export interface ApiOptions {
  readonly endpoint: string;
  /** The API's address, or the stack in the region at `endpoint` whose output `RecoveryApiUrl` is it. @default the only such stack's */
  readonly api?: string;
  readonly json?: boolean;
}

/**
 * Calls an operation of recovery's API: signed with the caller's AWS credentials, or with the token in RELIQ_TOKEN. In a region on this machine
 * RELIQ_ROLE says what the caller may do.
 * @throws CommandError with the API's own words where it refuses
 */
export async function callApi<Name extends OperationName>(
  options: ApiOptions,
  name: Name,
  input: ApiRequests[Name],
): Promise<ApiAnswers[Name]> {
  const base = await findApi(options);
  if (base === undefined) {
    throw new CommandError(
      `No recovery API is known: the region at ${options.endpoint} has no stack output RecoveryApiUrl. Name one with --api URL or RELIQ_API, or add a RecoveryApi to the app.`,
    );
  }
  const { path, method, body } = requestOf(name, input);
  const url = new URL(base.replace(/\/$/, "") + path);
  const headers = await signed(url, method, body);
  const answer = await fetch(url, { method, headers, ...(body !== undefined && { body }) }).catch((error: unknown) => {
    throw new CommandError(`Nothing answers at ${base}. Is the region up, and the address right?`, { cause: error });
  });
  const text = await answer.text();
  if (answer.ok) return JSON.parse(text) as ApiAnswers[Name];
  throw new CommandError(refusalIn(text) ?? `${base} refused ${name}: ${answer.status} ${text.slice(0, 500)}`);
}

/**
 * The address of the recovery API that is meant; undefined where none is named and the region has none, or is not there.
 * @throws CommandError where the region has several and none is named, or none of that name
 */
export async function findApi({ endpoint, api }: ApiOptions): Promise<string | undefined> {
  if (api !== undefined && URL.canParse(api)) return api;
  const found = await listApis(endpoint);
  const names = found.map(({ stack }) => stack).join(", ");
  if (api === undefined) {
    if (found.length > 1)
      throw new CommandError(`Several stacks have a recovery API: ${names}. Say which: --api STACK.`);
    return found[0]?.url;
  }
  const named = found.find(({ stack }) => stack === api);
  if (named) return named.url;
  throw new CommandError(
    `--api ${JSON.stringify(api)} is neither an address nor a stack with a recovery API; in the region at ${endpoint} these have one: ${names || "none"}.`,
  );
}

/** The recovery APIs of a local region, by the stacks that have one; none where no region is there. */
export async function listApis(endpoint: string): Promise<readonly { readonly stack: string; readonly url: string }[]> {
  const { stacks } = await regionStatus(endpoint).catch(() => ({ stacks: [] }));
  return apisOf(stacks);
}

/** The recovery APIs of a region's stacks, by the output that the RecoveryApi construct makes. */
export function apisOf(stacks: RegionStatus["stacks"]): readonly { readonly stack: string; readonly url: string }[] {
  return stacks.flatMap(({ name, outputs }) => {
    const url = outputs["RecoveryApiUrl"];
    return url === undefined ? [] : [{ stack: name, url }];
  });
}

async function signed(url: URL, method: string, body: string | undefined): Promise<Record<string, string>> {
  const token = process.env["RELIQ_TOKEN"];
  if (token) {
    const type = body === undefined ? {} : { "content-type": "application/json" };
    return { host: url.host, ...type, authorization: `Bearer ${token}` };
  }
  const region = /execute-api\.([\w-]+)\./.exec(url.hostname)?.[1] ?? process.env["AWS_REGION"] ?? "us-east-1";
  const credentials = isHere(url) ? { credentials: localCredentials() } : {};
  const request = { url, method, service: "execute-api", region, ...credentials };
  const role = process.env["RELIQ_ROLE"];
  const said = isHere(url) && role ? { "x-reliq-role": role } : {};
  return { ...(await signRequest({ ...request, ...(body !== undefined && { body }) })), ...said };
}

/** Whether an address is this machine, where any credentials will do. */
export function isHere({ hostname }: URL): boolean {
  return hostname === "localhost" || hostname.startsWith("127.") || hostname === "[::1]";
}

/** Any credentials will do in the local region; the key names the person in the audit. */
export function localCredentials(): { readonly accessKeyId: string; readonly secretAccessKey: string } {
  const name = process.env["AWS_ACCESS_KEY_ID"] ?? userInfo().username;
  return { accessKeyId: name.replace(/[^\w.@+-]/g, "-") || "local", secretAccessKey: "local" };
}

/** What a refusal says: the API's, or API Gateway's own. */
function refusalIn(text: string): string | undefined {
  try {
    const { code, message } = JSON.parse(text) as { readonly code?: string; readonly message?: string };
    if (message === undefined) return undefined;
    if (code !== undefined) return `${message} (${code})`;
    return `The API refused the caller: ${message}. It takes a signature by AWS credentials, or a token in RELIQ_TOKEN.`;
  } catch {
    return undefined;
  }
}
