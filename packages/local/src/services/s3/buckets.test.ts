import {
  CreateBucketCommand,
  DeleteBucketCommand,
  GetBucketLocationCommand,
  HeadBucketCommand,
  ListBucketsCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newBucket, openRegion, put, refusal, type TestRegion } from "./fixture.ts";

let here: TestRegion;
beforeAll(async () => {
  here = await openRegion();
});
afterAll(() => here.close());

// source: API_CreateBucket, API_ListBuckets
test("a bucket that is made is listed, with its owner and its region", async () => {
  const Bucket = await newBucket(here);
  const { Buckets, Owner } = await here.s3.send(new ListBucketsCommand());
  expect(Buckets).toContainEqual({ Name: Bucket, CreationDate: expect.any(Date), BucketRegion: "us-east-1" });
  expect(Owner?.ID).toMatch(/^[0-9a-f]{64}$/);
});

// source: API_CreateBucket, Errors: BucketAlreadyOwnedByYou
test("making one's bucket again succeeds in us-east-1 and keeps what is in it", async () => {
  const Bucket = await newBucket(here);
  await put(here, Bucket, "kept", "x");
  await here.s3.send(new CreateBucketCommand({ Bucket }));
  await expect(here.s3.send(new DeleteBucketCommand({ Bucket }))).rejects.toMatchObject(refusal("BucketNotEmpty", 409));
});

// source: API_CreateBucket, LocationConstraint; API_GetBucketLocation
test("in another region a repeat is refused, and the location is told", async () => {
  const other = await openRegion({ region: "eu-west-1" });
  try {
    const { s3 } = other;
    const Bucket = await newBucket(other);
    await expect(s3.send(new CreateBucketCommand({ Bucket }))).rejects.toMatchObject(
      refusal("BucketAlreadyOwnedByYou", 409),
    );
    const CreateBucketConfiguration = { LocationConstraint: "eu-north-1" } as const;
    const elsewhere = s3.send(new CreateBucketCommand({ Bucket: "elsewhere", CreateBucketConfiguration }));
    await expect(elsewhere).rejects.toMatchObject(refusal("IllegalLocationConstraintException", 400));
    expect(await s3.send(new GetBucketLocationCommand({ Bucket }))).toMatchObject({ LocationConstraint: "eu-west-1" });
  } finally {
    await other.close();
  }
});

// source: user guide, General purpose bucket naming rules
test.each(["ab", "Upper", "under_score", "a..b", "192.168.5.4", "-dash", "xn--name", "name-s3alias", "x".repeat(64)])(
  "the bucket name %s is refused",
  async (Bucket) => {
    await expect(here.s3.send(new CreateBucketCommand({ Bucket }))).rejects.toMatchObject(
      refusal("InvalidBucketName", 400),
    );
  },
);

// source: API_HeadBucket
test("the head of a bucket tells its region, and of none that it is not found", async () => {
  const Bucket = await newBucket(here);
  expect(await here.s3.send(new HeadBucketCommand({ Bucket }))).toMatchObject({ BucketRegion: "us-east-1" });
  await expect(here.s3.send(new HeadBucketCommand({ Bucket: "none-such" }))).rejects.toMatchObject(
    refusal("NotFound", 404),
  );
});

// source: API_DeleteBucket
test("an empty bucket is deleted, and its name is free again", async () => {
  const Bucket = await newBucket(here);
  await here.s3.send(new DeleteBucketCommand({ Bucket }));
  await expect(here.s3.send(new DeleteBucketCommand({ Bucket }))).rejects.toMatchObject(refusal("NoSuchBucket", 404));
  await newBucket(here, Bucket);
});

// source: user guide, Verifying bucket ownership
test("a caller who expects another owner is refused", async () => {
  const Bucket = await newBucket(here);
  const ours = here.s3.send(new HeadBucketCommand({ Bucket, ExpectedBucketOwner: "000000000000" }));
  await expect(ours).resolves.toBeDefined();
  await expect(put(here, Bucket, "k", "-", { ExpectedBucketOwner: "111111111111" })).rejects.toMatchObject(
    refusal("AccessDenied", 403),
  );
});
