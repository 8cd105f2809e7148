import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SQSClient } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { askedRegion, nameOf, type RegionOptions } from "./asked-region.ts";

const LOCAL = "http://127.0.0.1:4566";
const CONFIG = `
[profile shop]
region = eu-west-1
endpoint_url = http://127.0.0.1:9999
[profile work]
region = eu-central-1
`;
const CREDENTIALS = `
[shop]
aws_access_key_id = AKIDSHOP
aws_secret_access_key = secret
[work]
aws_access_key_id = AKIDWORK
aws_secret_access_key = secret
`;

beforeEach(() => {
  const directory = mkdtempSync(join(tmpdir(), "reliq-profiles-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  for (const name of Object.keys(process.env).filter((each) => each.startsWith("AWS_"))) vi.stubEnv(name, undefined);
  for (const [name, text] of Object.entries({ config: CONFIG, credentials: CREDENTIALS }))
    writeFileSync(join(directory, name), text);
  vi.stubEnv("AWS_CONFIG_FILE", join(directory, "config"));
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", join(directory, "credentials"));
  vi.stubEnv("AWS_PROFILE", undefined);
});
afterEach(() => vi.unstubAllEnvs());

/** Whom a client of the SDK would ask, where, and as whom. */
async function asks(options: RegionOptions): Promise<Readonly<Record<string, unknown>>> {
  const region = await askedRegion(options);
  const { config } = new SQSClient(region.settings);
  const { accessKeyId } = await config.credentials();
  return { endpoint: region.endpoint, region: await config.region(), accessKeyId };
}

describe("which region a command asks", () => {
  test.each<[string, RegionOptions, NodeJS.ProcessEnv, object]>([
    ["nothing said: the local one", {}, {}, { endpoint: LOCAL, region: "us-east-1", accessKeyId: "local" }],
    ["a shell's AWS_PROFILE alone: the local one", {}, { AWS_PROFILE: "work" }, { endpoint: LOCAL }],
    ["AWS_ENDPOINT_URL", {}, { AWS_ENDPOINT_URL: "http://127.0.0.1:1" }, { endpoint: "http://127.0.0.1:1" }],
    ["--endpoint before that", { endpoint: LOCAL }, { AWS_ENDPOINT_URL: "http://127.0.0.1:1" }, { endpoint: LOCAL }],
    [
      "a profile on AWS",
      { profile: "work" },
      {},
      { endpoint: undefined, region: "eu-central-1", accessKeyId: "AKIDWORK" },
    ],
    [
      "a profile with an endpoint",
      { profile: "shop" },
      {},
      { endpoint: "http://127.0.0.1:9999", accessKeyId: "AKIDSHOP" },
    ],
    [
      "a profile in another region",
      { profile: "work", region: "us-west-2" },
      {},
      { endpoint: undefined, region: "us-west-2" },
    ],
    [
      "a profile behind --endpoint",
      { profile: "work", endpoint: LOCAL },
      {},
      { endpoint: LOCAL, accessKeyId: "AKIDWORK" },
    ],
    [
      "--region alone, by AWS_PROFILE",
      { region: "us-west-2" },
      { AWS_PROFILE: "work" },
      { region: "us-west-2", accessKeyId: "AKIDWORK" },
    ],
    [
      "--aws, by the environment",
      { aws: true },
      { AWS_PROFILE: "work", AWS_DEFAULT_REGION: "eu-north-1" },
      { endpoint: undefined, region: "eu-north-1" },
    ],
  ])("%s", async (_, options, environment, expected) => {
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    expect(await asks(options)).toMatchObject(expected);
  });

  test("messages name it by its address, or by profile and region", async () => {
    expect(nameOf(await askedRegion({}))).toBe(`the region at ${LOCAL}`);
    expect(nameOf(await askedRegion({ profile: "work", region: "us-west-2" }))).toBe(
      "AWS by the profile work in us-west-2",
    );
  });
});
