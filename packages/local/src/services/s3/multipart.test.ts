import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { get, newBucket, openRegion, put, refusal, type TestRegion } from "./fixture.ts";

const FIVE_MIB = 5 * 1_024 * 1_024;
const big = Buffer.alloc(FIVE_MIB, "part");
const tail = Buffer.from("the end");

let here: TestRegion;
let Bucket: string;
beforeAll(async () => {
  here = await openRegion();
  Bucket = await newBucket(here);
});
afterAll(() => here.close());

interface Upload {
  readonly Bucket: string;
  readonly Key: string;
  readonly UploadId: string;
}

async function create(Key: string, input: Partial<CreateMultipartUploadCommandInput> = {}): Promise<Upload> {
  const { UploadId = "" } = await here.s3.send(new CreateMultipartUploadCommand({ Bucket, Key, ...input }));
  return { Bucket, Key, UploadId };
}

/** Uploads parts under the numbers 1, 2, … and returns what completing takes. */
async function send(upload: Upload, bodies: readonly Buffer[], input: object = {}): Promise<CompletedPart[]> {
  const parts: CompletedPart[] = [];
  for (const [index, Body] of bodies.entries()) {
    const PartNumber = index + 1;
    const { $metadata, ...part } = await here.s3.send(new UploadPartCommand({ ...upload, PartNumber, Body, ...input }));
    parts.push({ PartNumber, ...part });
  }
  return parts;
}

const complete = (upload: Upload, Parts: CompletedPart[], input: object = {}) =>
  here.s3.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts }, ...input }));
const blobs = () => readdirSync(join(here.stateDirectory, "blobs")).length;

// source: user guide, Uploading and copying objects using multipart upload
test("an upload in parts is one object, with the tag of its parts", async () => {
  const upload = await create("whole", { ContentType: "text/plain", Metadata: { a: "1" } });
  const { ETag, Location } = await complete(upload, await send(upload, [big, tail]));
  const digests = [big, tail].map((part) => createHash("md5").update(part).digest());
  expect(ETag).toBe(`"${createHash("md5").update(Buffer.concat(digests)).digest("hex")}-2"`);
  expect(Location).toBe(`${here.region.endpoint}/${Bucket}/whole`);
  const head = await here.s3.send(new HeadObjectCommand({ Bucket, Key: "whole" }));
  expect(head).toMatchObject({ ContentLength: FIVE_MIB + 7, ContentType: "text/plain", Metadata: { a: "1" }, ETag });
  expect((await get(here, Bucket, "whole")).equals(Buffer.concat([big, tail]))).toBe(true);
  expect(String(await get(here, Bucket, "whole", { Range: `bytes=${FIVE_MIB - 4}-${FIVE_MIB + 2}` }))).toBe("partthe");
});

// source: API_UploadPart (a part of the same number is overwritten)
test("a part that is sent again counts as it was sent last, and leaves no file", async () => {
  const upload = await create("again");
  const before = blobs();
  await send(upload, [tail]);
  const parts = await send(upload, [Buffer.from("second")]);
  expect(blobs()).toBe(before + 1);
  await complete(upload, parts);
  expect(String(await get(here, Bucket, "again"))).toBe("second");
});

// source: API_ListParts
test("the parts that are there are listed, by pages", async () => {
  const upload = await create("listed");
  await send(upload, [big, tail, tail]);
  const first = await here.s3.send(new ListPartsCommand({ ...upload, MaxParts: 2 }));
  expect(first).toMatchObject({
    IsTruncated: true,
    NextPartNumberMarker: "2",
    Parts: [{ PartNumber: 1, Size: FIVE_MIB }, { PartNumber: 2 }],
  });
  const rest = await here.s3.send(new ListPartsCommand({ ...upload, PartNumberMarker: "2" }));
  expect(rest).toMatchObject({ IsTruncated: false, Parts: [{ PartNumber: 3, Size: 7, ETag: expect.any(String) }] });
});

// source: API_ListMultipartUploads
test("the uploads that are under way are listed by key, by pages", async () => {
  const uploads = [await create("up/1"), await create("up/2"), await create("up/2")];
  const list = (input: object) => here.s3.send(new ListMultipartUploadsCommand({ Bucket, Prefix: "up/", ...input }));
  const ids = uploads.map(({ UploadId }) => UploadId);
  const one = await list({ MaxUploads: 2 });
  const { NextKeyMarker: KeyMarker, NextUploadIdMarker: UploadIdMarker } = one;
  const two = await list({ KeyMarker, UploadIdMarker });
  const found = [...(one.Uploads ?? []), ...(two.Uploads ?? [])].map(({ UploadId }) => UploadId);
  expect(found.toSorted()).toEqual(ids.toSorted());
  expect((await list({ KeyMarker: "up/1" })).Uploads).toHaveLength(2);
});

// source: user guide, Multipart upload limits (5 MiB)
test("every part but the last has at least 5 MiB", async () => {
  const upload = await create("small");
  const parts = await send(upload, [big.subarray(1), tail]);
  await expect(complete(upload, parts)).rejects.toMatchObject(refusal("EntityTooSmall", 400));
});

// source: API_CompleteMultipartUpload, Errors
test("parts out of order, with another tag, or that are not there are refused", async () => {
  const upload = await create("wrong");
  const [first = {}, second = {}] = await send(upload, [big, tail]);
  await expect(complete(upload, [second, first])).rejects.toMatchObject(refusal("InvalidPartOrder", 400));
  const invalid = refusal("InvalidPart", 400);
  await expect(complete(upload, [{ ...first, ETag: '"0"' }])).rejects.toMatchObject(invalid);
  await expect(complete(upload, [first, { ...second, PartNumber: 9 }])).rejects.toMatchObject(invalid);
  await expect(complete(upload, [])).rejects.toMatchObject(refusal("MalformedXML", 400));
});

// source: API_CompleteMultipartUpload (parts that are not listed are dropped); API_AbortMultipartUpload
test("an upload that is completed or aborted is gone, with the files that it does not need", async () => {
  const before = blobs();
  const done = await create("done");
  const [, second = {}] = await send(done, [big, tail]);
  await complete(done, [second]);
  expect(blobs()).toBe(before + 1);
  const aborted = await create("aborted");
  await send(aborted, [tail]);
  await here.s3.send(new AbortMultipartUploadCommand(aborted));
  expect(blobs()).toBe(before + 1);
  for (const upload of [done, aborted]) {
    await expect(send(upload, [tail])).rejects.toMatchObject(refusal("NoSuchUpload", 404));
    await expect(complete(upload, [second])).rejects.toMatchObject(refusal("NoSuchUpload", 404));
  }
  expect(blobs()).toBe(before + 1);
});

// source: API_UploadPart, partNumber
test("a part's number is between 1 and 10,000", async () => {
  const upload = await create("numbers");
  for (const PartNumber of [0, 10_001]) {
    const part = here.s3.send(new UploadPartCommand({ ...upload, PartNumber, Body: tail }));
    await expect(part).rejects.toMatchObject(refusal("InvalidArgument", 400));
  }
});

const checksumOf = async (Key: string) => here.s3.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: "ENABLED" }));

// source: user guide, Checking object integrity (composite checksums)
test("a composite checksum is of the parts' checksums, which completing must name", async () => {
  const ChecksumAlgorithm = "SHA256";
  const upload = await create("composite", { ChecksumAlgorithm });
  const parts = await send(upload, [big, tail], { ChecksumAlgorithm });
  const bare = parts.map(({ PartNumber, ETag }) => ({ PartNumber, ETag }));
  await expect(complete(upload, bare)).rejects.toMatchObject(refusal("InvalidRequest", 400));
  await complete(upload, parts);
  const digests = [big, tail].map((part) => createHash("sha256").update(part).digest());
  const expected = `${createHash("sha256").update(Buffer.concat(digests)).digest("base64")}-2`;
  expect(await checksumOf("composite")).toMatchObject({ ChecksumSHA256: expected, ChecksumType: "COMPOSITE" });
});

// source: user guide, Checking object integrity (full object checksums)
test.each(["CRC32", "CRC32C", "CRC64NVME"] as const)(
  "a full %s of parts is that of the same bytes in one",
  async (algorithm) => {
    const member = `Checksum${algorithm}`;
    const whole = Buffer.concat([big, tail]);
    await put(here, Bucket, `one/${algorithm}`, whole, { ChecksumAlgorithm: algorithm });
    const { [member as "ChecksumCRC32"]: expected } = await checksumOf(`one/${algorithm}`);
    const upload = await create(`parts/${algorithm}`, { ChecksumAlgorithm: algorithm, ChecksumType: "FULL_OBJECT" });
    const parts = await send(upload, [big, tail], { ChecksumAlgorithm: algorithm });
    const wrong = complete(upload, parts, { [member]: algorithm === "CRC64NVME" ? "AAAAAAAAAAA=" : "AAAAAA==" });
    await expect(wrong).rejects.toMatchObject(refusal("BadDigest", 400));
    await complete(upload, parts, { [member]: expected });
    expect(await checksumOf(`parts/${algorithm}`)).toMatchObject({ [member]: expected, ChecksumType: "FULL_OBJECT" });
  },
);

// source: API_UploadPart, x-amz-checksum-algorithm (the same for all parts)
test("a part with another checksum than the upload's is refused", async () => {
  const upload = await create("mixed", { ChecksumAlgorithm: "SHA1" });
  const other = send(upload, [tail], { ChecksumAlgorithm: "CRC32" });
  await expect(other).rejects.toMatchObject(refusal("InvalidRequest", 400));
  await expect(create("never", { ChecksumAlgorithm: "SHA1", ChecksumType: "FULL_OBJECT" })).rejects.toMatchObject(
    refusal("InvalidRequest", 400),
  );
});
