import {
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutBucketLifecycleConfigurationCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { get, newBucket, openRegion, put, refusal, type TestRegion } from "./fixture.ts";

let here: TestRegion;
beforeAll(async () => {
  here = await openRegion({ jumps: true });
});
afterAll(() => here.close());

// source: user guide, Managing the lifecycle of objects
test("objects move and expire, and uploads are aborted, once their days are over", async () => {
  const Bucket = await newBucket(here);
  const Status = "Enabled";
  const Rules = [
    { ID: "cold", Status, Filter: { Prefix: "cold/" }, Transitions: [{ Days: 2, StorageClass: "GLACIER" }] },
    { ID: "old", Status, Filter: { And: { Prefix: "old/", ObjectSizeGreaterThan: 1 } }, Expiration: { Days: 2 } },
    { ID: "parts", Status, Filter: { Prefix: "" }, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 2 } },
    { ID: "off", Status: "Disabled", Filter: { Prefix: "" }, Expiration: { Days: 1 } },
  ];
  await here.s3.send(
    new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules: Rules as never } }),
  );
  await put(here, Bucket, "cold/large", Buffer.alloc(131_072));
  await put(here, Bucket, "cold/small", "x");
  await put(here, Bucket, "old/gone", "xx");
  await put(here, Bucket, "old/tiny", "x");
  await here.s3.send(new CreateMultipartUploadCommand({ Bucket, Key: "unfinished" }));
  const keys = async (): Promise<unknown> =>
    (await here.s3.send(new ListObjectsV2Command({ Bucket }))).Contents?.map(({ Key, StorageClass }) => [
      Key,
      StorageClass,
    ]);
  const uploads = async (): Promise<number> =>
    (await here.s3.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads?.length ?? 0;

  await here.region.jump({ seconds: 86_400, waitSeconds: 60 });
  expect([await keys(), await uploads()]).toEqual([
    ["cold/large", "cold/small", "old/gone", "old/tiny"].map((key) => [key, "STANDARD"]),
    1,
  ]);
  await here.region.jump({ seconds: 2 * 86_400, waitSeconds: 60 });
  // A second jump waits until the round of the first is over.
  await here.region.jump({ seconds: 1, waitSeconds: 60 });
  expect([await keys(), await uploads()]).toEqual([
    [
      ["cold/large", "GLACIER"],
      ["cold/small", "STANDARD"],
      ["old/tiny", "STANDARD"],
    ],
    0,
  ]);
  expect((await here.s3.send(new HeadObjectCommand({ Bucket, Key: "cold/large" }))).StorageClass).toBe("GLACIER");
  await expect(get(here, Bucket, "cold/large")).rejects.toMatchObject(refusal("InvalidObjectState", 403));
});
