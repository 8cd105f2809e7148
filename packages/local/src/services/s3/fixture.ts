import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateBucketCommand,
  GetObjectCommand,
  type GetObjectCommandInput,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
} from "@aws-sdk/client-s3";
import { type Region, type RegionOptions, startRegion } from "../../region.ts";

/** A region of a test's own, with a client of the real SDK on its socket. */
export interface TestRegion {
  readonly region: Region;
  readonly s3: S3Client;
  readonly stateDirectory: string;
  /** Stops the region and starts it again on the same state. */
  restart(): Promise<TestRegion>;
  close(): Promise<void>;
}

export async function openRegion(options: Partial<RegionOptions> = {}): Promise<TestRegion> {
  const stateDirectory = options.stateDirectory ?? (await mkdtemp(join(tmpdir(), "reliq-s3-")));
  const region = await startRegion({ port: 0, report: () => {}, ...options, stateDirectory });
  const s3 = clientOf(region.endpoint, options.region);
  const stop = async (): Promise<void> => {
    s3.destroy();
    await region.stop();
  };
  return {
    region,
    s3,
    stateDirectory,
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

export function clientOf(endpoint: string, region = "us-east-1"): S3Client {
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  return new S3Client({ endpoint, region, credentials, maxAttempts: 1 });
}

/** Makes a bucket of a name that no other test has. */
export async function newBucket({ s3 }: TestRegion, Bucket: string = `b-${randomUUID()}`): Promise<string> {
  await s3.send(new CreateBucketCommand({ Bucket }));
  return Bucket;
}

/** Puts an object, and returns its entity tag. */
export async function put(
  { s3 }: TestRegion,
  Bucket: string,
  Key: string,
  Body: PutObjectCommandInput["Body"] = "-",
  input: Partial<PutObjectCommandInput> = {},
): Promise<string> {
  const { ETag } = await s3.send(new PutObjectCommand({ Bucket, Key, Body, ...input }));
  return ETag ?? "";
}

/** The bytes of an object. */
export async function get(
  { s3 }: TestRegion,
  Bucket: string,
  Key: string,
  input: Partial<GetObjectCommandInput> = {},
): Promise<Buffer> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key, ...input }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

/** What a refusal is, for `toMatchObject`. */
export function refusal(code: string, status: number): object {
  return { name: code, $metadata: { httpStatusCode: status } };
}
