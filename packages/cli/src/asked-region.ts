import { clientSettings } from "./client-settings.ts";
import type { StageSettings } from "./gameday/game-day.ts";
import { DEFAULT_ENDPOINT, isLocalRegion } from "./region-client.ts";

/** How a command is told which region it asks: the same of every command, and as the AWS CLI is told. */
export interface RegionOptions {
  /** @default AWS_ENDPOINT_URL, else AWS where a profile or a region is named, else the local region */
  readonly endpoint?: string;
  /** A profile of the AWS configuration: its credentials, and its region and `endpoint_url` where nothing else says them. */
  readonly profile?: string;
  readonly region?: string;
  /** AWS also where nothing is named; and as AWS is asked also where a local region answers. */
  readonly aws?: boolean;
}

/** The region that a command asks. */
export interface AskedRegion {
  /** The one address of all its services; undefined: AWS's own. */
  readonly endpoint?: string;
  /** What every client of the AWS SDK is made with. */
  readonly settings: StageSettings;
  /** Whether it is asked as AWS is, whatever answers. */
  readonly asAws: boolean;
}

/** Finds out which region is meant, by the options and as the AWS SDK does by the environment and the profile; nothing of it is asked yet. */
export async function askedRegion(options: RegionOptions): Promise<AskedRegion> {
  const { endpoint, profile, region, aws = false } = options;
  // The SDK looks for a profile's endpoint under this name only, whatever a client is made with.
  if (profile !== undefined) process.env["AWS_PROFILE"] = profile;
  const chain = awsSettings(options);
  const named = endpoint ?? (process.env["AWS_ENDPOINT_URL"] || undefined);
  const isOnAws = aws || profile !== undefined || region !== undefined;
  const url = named ?? (isOnAws ? await configuredEndpoint(chain) : DEFAULT_ENDPOINT);
  if (url === undefined) return { settings: chain, asAws: aws };
  if (profile !== undefined || !isHere(new URL(url)))
    return { endpoint: url, settings: { ...chain, endpoint: url }, asAws: aws };
  return { endpoint: url, settings: { ...clientSettings(url), ...(region !== undefined && { region }) }, asAws: aws };
}

/** The endpoint of a local region; undefined for AWS, and for what answers as AWS does. @throws CommandError where nothing answers at an address */
export async function localEndpoint({ endpoint, asAws }: AskedRegion): Promise<string | undefined> {
  return endpoint !== undefined && !asAws && (await isLocalRegion(endpoint)) ? endpoint : undefined;
}

/** The settings of clients that ask AWS itself: what is left out the SDK's own chain finds. */
export function awsSettings({ profile, region }: RegionOptions): StageSettings {
  // The SDK does not know the second of the two names, which the AWS CLI has had first.
  const named = region ?? process.env["AWS_REGION"] ?? process.env["AWS_DEFAULT_REGION"];
  return { ...(profile !== undefined && { profile }), ...(named !== undefined && { region: named }) };
}

/** How messages name a region. */
export function nameOf({ endpoint, settings: { profile, region } }: AskedRegion): string {
  if (endpoint !== undefined) return `the region at ${endpoint}`;
  return ["AWS", profile && `by the profile ${profile}`, region && `in ${region}`].filter(Boolean).join(" ");
}

/** Whether an address is this machine, where any credentials will do. */
export function isHere({ hostname }: URL): boolean {
  return hostname === "localhost" || hostname.startsWith("127.") || hostname === "[::1]";
}

/** Where the SDK would send a request, if that is not an address of AWS: `endpoint_url` of a profile, which it reads and does not tell. */
async function configuredEndpoint(settings: StageSettings): Promise<string | undefined> {
  const { LambdaClient, ListFunctionsCommand } = await import("@aws-sdk/client-lambda");
  // Any region will do for this, and the profile may have none.
  const client = new LambdaClient({ ...settings, region: settings.region ?? "us-east-1" });
  let found: string | undefined;
  client.middlewareStack.add(
    () => async (args) => {
      const { protocol, hostname, port } = args.request as {
        readonly protocol: string;
        readonly hostname: string;
        readonly port?: number;
      };
      if (!/\.amazonaws\.com(\.cn)?$/.test(hostname))
        found = `${protocol}//${hostname}${port === undefined ? "" : `:${port}`}`;
      return { response: {}, output: { $metadata: {} } };
    },
    { step: "build" },
  );
  await client.send(new ListFunctionsCommand({}));
  return found;
}
