import { userInfo } from "node:os";
import { type ApiAnswers, type ApiRequests, type OperationName, requestOf } from "@reliq/core/recovery";
import { type AskedRegion, askedRegion, awsSettings, isHere, nameOf, type RegionOptions } from "./asked-region.ts";
import { CommandError } from "./command-error.ts";
import { signRequest } from "./sign-request.ts";
import { type StackOutputs, stackOutputs } from "./stack-outputs.ts";

/** How a command finds recovery's API. */
export interface ApiOptions extends RegionOptions {
  /** The API's address, or the stack in the region whose output `RecoveryApiUrl` is it. @default the only such stack's */
  readonly api?: string;
  readonly json?: boolean;
}

/** Calls an operation of one recovery's API. @throws CommandError with the API's own words where it refuses */
export type RecoveryClient = <Name extends OperationName>(
  name: Name,
  input: ApiRequests[Name],
) => Promise<ApiAnswers[Name]>;

/** Calls one operation of the API that the options name. @throws CommandError where there is none, or with its own words where it refuses */
export async function callApi<Name extends OperationName>(
  options: ApiOptions,
  name: Name,
  input: ApiRequests[Name],
): Promise<ApiAnswers[Name]> {
  return (await openApi(options))(name, input);
}

/** A client of the API that the options name, for several calls. @throws CommandError where there is none */
export async function openApi(options: ApiOptions): Promise<RecoveryClient> {
  const region = await askedRegion(options);
  return recoveryClient(region, await findApi(region, options.api));
}

/** Parts how a command asks from what it asks. */
export function partOptions<T extends ApiOptions>(given: T): { options: ApiOptions; input: Omit<T, keyof ApiOptions> } {
  const { endpoint, profile, region, aws, api, json, ...input } = given;
  const all = { endpoint, profile, region, aws, api, json };
  const said = Object.entries(all).filter(([, value]) => value !== undefined);
  return { options: Object.fromEntries(said) as ApiOptions, input };
}

/** A client of the API at an address: it signs with the caller's AWS credentials, or sends the token in RELIQ_TOKEN; on this machine RELIQ_ROLE says the role. */
export function recoveryClient({ settings }: AskedRegion, base: string): RecoveryClient {
  return async (name, input) => {
    const { path, method, body } = requestOf(name, input);
    const url = new URL(base.replace(/\/$/, "") + path);
    const headers = await signed(url, method, body, settings);
    const answer = await fetch(url, { method, headers, ...(body !== undefined && { body }) }).catch(
      (cause: unknown) => {
        throw new CommandError(`Nothing answers at ${base}. Is the region up, and the address right?`, { cause });
      },
    );
    const text = await answer.text();
    if (answer.ok) return JSON.parse(text);
    throw new CommandError(refusalIn(text) ?? `${base} refused ${name}: ${answer.status} ${text.slice(0, 500)}`);
  };
}

/** A stack's recovery API. */
export interface StackApi {
  readonly stack: string;
  readonly url: string;
}

/** The APIs of a region that can be found, or the one that is named; what stood in the way, where something did. */
export async function reachableApis(
  region: AskedRegion,
  api: string | undefined,
): Promise<{ readonly urls: readonly string[]; readonly trouble?: string }> {
  if (api !== undefined) return { urls: [await findApi(region, api)] };
  try {
    return { urls: apisOf(await stackOutputs(region)).map(({ url }) => url) };
  } catch (error) {
    if (error instanceof CommandError) return { urls: [], trouble: error.message };
    throw error;
  }
}

/** The recovery APIs among stacks, by the output that the RecoveryApi construct makes. */
export function apisOf(stacks: readonly StackOutputs[]): readonly StackApi[] {
  return stacks.flatMap(({ name, outputs }) => {
    const url = outputs["RecoveryApiUrl"];
    return url === undefined ? [] : [{ stack: name, url }];
  });
}

/** Any credentials will do in the local region; the key names the person in the audit. */
export function localCredentials(): { readonly accessKeyId: string; readonly secretAccessKey: string } {
  const name = process.env["AWS_ACCESS_KEY_ID"] ?? userInfo().username;
  return { accessKeyId: name.replace(/[^\w.@+-]/g, "-") || "local", secretAccessKey: "local" };
}

async function findApi(region: AskedRegion, api: string | undefined): Promise<string> {
  if (api !== undefined && URL.canParse(api)) return api;
  const found = apisOf(await stackOutputs(region));
  const names = found.map(({ stack }) => stack).join(", ");
  if (api !== undefined) {
    const named = found.find(({ stack }) => stack === api);
    if (named) return named.url;
    throw new CommandError(
      `--api ${JSON.stringify(api)} is neither an address nor a stack with a recovery API; in ${nameOf(region)} these have one: ${names || "none"}.`,
    );
  }
  const [only, ...others] = found;
  if (only && others.length === 0) return only.url;
  throw new CommandError(
    only
      ? `Several stacks have a recovery API: ${names}. Say which: --api STACK.`
      : `No recovery API is known: ${nameOf(region)} has no stack output RecoveryApiUrl. Name one with --api URL or RELIQ_API, or add a RecoveryApi to the app.`,
  );
}

async function signed(
  url: URL,
  method: string,
  body: string | undefined,
  { profile, region }: AskedRegion["settings"],
): Promise<Record<string, string>> {
  const token = process.env["RELIQ_TOKEN"];
  if (token) {
    const type = body === undefined ? {} : { "content-type": "application/json" };
    return { host: url.host, ...type, authorization: `Bearer ${token}` };
  }
  const hosted = /execute-api\.([\w-]+)\./.exec(url.hostname)?.[1] ?? region;
  const anyWillDo = profile === undefined && isHere(url);
  const settings = anyWillDo
    ? { region: hosted ?? "us-east-1", credentials: localCredentials() }
    : awsSettings({ ...(profile !== undefined && { profile }), ...(hosted !== undefined && { region: hosted }) });
  const role = process.env["RELIQ_ROLE"];
  const said = isHere(url) && role ? { "x-reliq-role": role } : {};
  const request = { url, method, service: "execute-api", settings, ...(body !== undefined && { body }) };
  return { ...(await signRequest(request)), ...said };
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
