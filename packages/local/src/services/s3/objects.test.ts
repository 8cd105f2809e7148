import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { get, newBucket, openRegion, put, refusal, type TestRegion } from "./fixture.ts";

let here: TestRegion;
let Bucket: string;
beforeAll(async () => {
  here = await openRegion();
  Bucket = await newBucket(here);
});
afterAll(() => here.close());

const md5 = (body: string | Buffer): string => `"${createHash("md5").update(body).digest("hex")}"`;
const large = Buffer.alloc(100_000, "0123456789");

// source: API_PutObject, ETag
test.each([0, 1, 16_384, 16_385, 3_000_000])(
  "an object of %i bytes comes back as it went, with the MD5 as its tag",
  async (size) => {
    const body = Buffer.alloc(size, "abc");
    expect(await put(here, Bucket, `size/${size}`, body)).toBe(md5(body));
    expect((await get(here, Bucket, `size/${size}`)).equals(body)).toBe(true);
  },
);

// source: user guide, Working with object metadata
test("standard headers and user metadata are kept and given back", async () => {
  const headers = {
    CacheControl: "max-age=60",
    ContentDisposition: 'attachment; filename="a.txt"',
    ContentEncoding: "gzip",
    ContentLanguage: "de",
    ContentType: "text/plain; charset=utf-8",
    Metadata: { "order-id": "42", note: "two words" },
    StorageClass: "STANDARD_IA",
  } as const;
  await put(here, Bucket, "headers", "x", headers);
  const head = await here.s3.send(new HeadObjectCommand({ Bucket, Key: "headers" }));
  expect(head).toMatchObject({ ...headers, ContentLength: 1, AcceptRanges: "bytes", ServerSideEncryption: "AES256" });
  expect(Date.now() - Number(head.LastModified)).toBeLessThan(60_000);
});

// source: API_PutObject, x-amz-storage-class
test("an object of the standard class has no class in its head, and an unknown class is refused", async () => {
  await put(here, Bucket, "plain", "x");
  const { StorageClass, ContentType } = await here.s3.send(new HeadObjectCommand({ Bucket, Key: "plain" }));
  expect({ StorageClass, ContentType }).toEqual({ StorageClass: undefined, ContentType: "application/octet-stream" });
  await expect(put(here, Bucket, "k", "-", { StorageClass: "COLD" as never })).rejects.toMatchObject(
    refusal("InvalidStorageClass", 400),
  );
});

// source: user guide, Working with archived objects
test("an archived object is refused until it is restored, though its head is given", async () => {
  await put(here, Bucket, "cold", "x", { StorageClass: "GLACIER" });
  await expect(get(here, Bucket, "cold")).rejects.toMatchObject(refusal("InvalidObjectState", 403));
  expect(await here.s3.send(new HeadObjectCommand({ Bucket, Key: "cold" }))).toMatchObject({ StorageClass: "GLACIER" });
});

// source: API_PutObject (overwrites); user guide, Amazon S3 data consistency model
test("a second put takes the place of the first, whether small or large", async () => {
  for (const body of [Buffer.from("small"), large, Buffer.from("small again"), Buffer.concat([large, large])]) {
    await put(here, Bucket, "over", body);
    expect((await get(here, Bucket, "over")).equals(body)).toBe(true);
  }
});

// source: API_GetObject, Range
test.each([
  ["bytes=0-9", 0, 10],
  ["bytes=99990-", 99_990, 100_000],
  ["bytes=-5", 99_995, 100_000],
  ["bytes=99999-200000", 99_999, 100_000],
  ["bytes=-200000", 0, 100_000],
])("the range %s gives those bytes", async (Range, start, end) => {
  await put(here, Bucket, "large", large);
  const { Body, ...answer } = await here.s3.send(new GetObjectCommand({ Bucket, Key: "large", Range }));
  expect(answer.$metadata.httpStatusCode).toBe(206);
  expect(answer).toMatchObject({ ContentRange: `bytes ${start}-${end - 1}/100000`, ContentLength: end - start });
  expect(Buffer.from((await Body?.transformToByteArray()) ?? [])).toEqual(large.subarray(start, end));
});

// source: API_GetObject, InvalidRange
test("a range behind the end is refused, and one that cannot be read is ignored", async () => {
  await put(here, Bucket, "ten", "0123456789");
  await expect(get(here, Bucket, "ten", { Range: "bytes=10-" })).rejects.toMatchObject(refusal("InvalidRange", 416));
  await expect(get(here, Bucket, "ten", { Range: "bytes=-0" })).rejects.toMatchObject(refusal("InvalidRange", 416));
  expect(String(await get(here, Bucket, "ten", { Range: "lines=1-2" }))).toBe("0123456789");
  expect(String(await get(here, Bucket, "ten", { Range: "bytes=5-2" }))).toBe("0123456789");
});

// source: API_HeadObject
test("the head of a range has its length, and no body", async () => {
  await put(here, Bucket, "ten", "0123456789");
  const head = await here.s3.send(new HeadObjectCommand({ Bucket, Key: "ten", Range: "bytes=2-3" }));
  expect(head).toMatchObject({ ContentLength: 2, ContentRange: "bytes 2-3/10" });
  const response = await fetch(`${here.region.endpoint}/${Bucket}/none`, { method: "HEAD" });
  expect([response.status, await response.text()]).toEqual([404, ""]);
});

// source: API_GetObject, response-content-type and its like
test("a request may set headers of the answer, but none that HTTP cannot write", async () => {
  await put(here, Bucket, "set", "x", { ContentType: "text/plain" });
  const set = { ResponseContentType: "text/csv", ResponseContentDisposition: "inline" };
  const answer = await here.s3.send(new GetObjectCommand({ Bucket, Key: "set", ...set }));
  expect(answer).toMatchObject({ ContentType: "text/csv", ContentDisposition: "inline" });
  const unwritable = get(here, Bucket, "set", { ResponseContentDisposition: 'inline; filename="漢"' });
  await expect(unwritable).rejects.toMatchObject(refusal("InvalidArgument", 400));
});

// source: API_GetObject, Errors
test("what is not there is named: the key, or the bucket", async () => {
  await expect(get(here, Bucket, "none")).rejects.toMatchObject({ ...refusal("NoSuchKey", 404), Key: "none" });
  await expect(get(here, "none-such", "none")).rejects.toMatchObject(refusal("NoSuchBucket", 404));
});

// source: user guide, Naming Amazon S3 objects; User-defined object metadata
test("a key of 1,024 bytes is taken, a longer one refused, and so is metadata over 2 KB", async () => {
  await put(here, Bucket, "é".repeat(512), "x");
  await expect(put(here, Bucket, `${"é".repeat(512)}x`, "x")).rejects.toMatchObject(refusal("KeyTooLongError", 400));
  const tooMuch = put(here, Bucket, "k", "x", { Metadata: { a: "x".repeat(2_048) } });
  await expect(tooMuch).rejects.toMatchObject(refusal("MetadataTooLarge", 400));
});

// source: API_DeleteObject
test("deleting succeeds whether or not the object is there", async () => {
  await put(here, Bucket, "gone", large);
  for (let times = 0; times < 2; times++) await here.s3.send(new DeleteObjectCommand({ Bucket, Key: "gone" }));
  await expect(get(here, Bucket, "gone")).rejects.toMatchObject(refusal("NoSuchKey", 404));
});

// source: API_DeleteObjects
test("deleting many gives each key its outcome, and in quiet mode only the failures", async () => {
  await put(here, Bucket, "one", "1");
  const Objects = [{ Key: "one" }, { Key: "absent" }, { Key: "k", VersionId: "v1" }];
  const remove = (Quiet: boolean) => here.s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet } }));
  const loud = await remove(false);
  expect(loud.Deleted).toEqual([{ Key: "one" }, { Key: "absent" }]);
  expect(loud.Errors).toMatchObject([{ Key: "k", Code: "InvalidArgument" }]);
  expect(await remove(true)).toMatchObject({ Errors: [{ Key: "k" }] });
  expect((await remove(true)).Deleted).toBeUndefined();
});

// source: API_DeleteObjects (up to 1000 keys; a digest is required)
test("deleting more than 1,000 keys at once, or without a digest, is refused", async () => {
  const Objects = Array.from({ length: 1_001 }, (_, index) => ({ Key: `k${index}` }));
  const tooMany = here.s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
  await expect(tooMany).rejects.toMatchObject(refusal("MalformedXML", 400));
  const body = "<Delete><Object><Key>a</Key></Object></Delete>";
  const bare = await fetch(`${here.region.endpoint}/${Bucket}?delete`, { method: "POST", body });
  expect([bare.status, await bare.text()]).toEqual([400, expect.stringContaining("<Code>InvalidRequest</Code>")]);
});

// source: API_CopyObject, x-amz-metadata-directive
test("a copy has its source's body and description, or a description of its own", async () => {
  await put(here, Bucket, "from/ä b", large, { ContentType: "text/plain", Metadata: { a: "1" } });
  const CopySource = encodeURI(`${Bucket}/from/ä b`);
  const { CopyObjectResult } = await here.s3.send(new CopyObjectCommand({ Bucket, Key: "to", CopySource }));
  expect(CopyObjectResult).toMatchObject({ ETag: md5(large), LastModified: expect.any(Date) });
  const own = { MetadataDirective: "REPLACE", ContentType: "text/csv", Metadata: { b: "2" } } as const;
  await here.s3.send(new CopyObjectCommand({ Bucket, Key: "own", CopySource, ...own }));
  const describe = (Key: string) => here.s3.send(new HeadObjectCommand({ Bucket, Key }));
  expect(await describe("to")).toMatchObject({ ContentType: "text/plain", Metadata: { a: "1" } });
  expect(await describe("own")).toMatchObject({ ContentType: "text/csv", Metadata: { b: "2" } });
  await here.s3.send(new DeleteObjectCommand({ Bucket, Key: "from/ä b" }));
  expect((await get(here, Bucket, "to")).equals(large)).toBe(true);
});

// source: API_CopyObject (copying an object to itself)
test("a copy to itself must change something", async () => {
  await put(here, Bucket, "self", "x");
  const copy = (input: object) =>
    here.s3.send(new CopyObjectCommand({ Bucket, Key: "self", CopySource: `${Bucket}/self`, ...input }));
  await expect(copy({})).rejects.toMatchObject(refusal("InvalidRequest", 400));
  await copy({ StorageClass: "STANDARD_IA" });
  expect(await here.s3.send(new HeadObjectCommand({ Bucket, Key: "self" }))).toMatchObject({
    StorageClass: "STANDARD_IA",
  });
});

// source: user guide, Chunked uploads with trailing headers
test("a body that is streamed comes back without its chunks", async () => {
  const chunks = Array.from({ length: 20 }, (_, index) => Buffer.alloc(9_000 + index, String(index % 10)));
  const body = Readable.from(chunks);
  const ContentLength = Buffer.concat(chunks).length;
  await here.s3.send(new PutObjectCommand({ Bucket, Key: "stream", Body: body, ContentLength }));
  const head = await here.s3.send(new HeadObjectCommand({ Bucket, Key: "stream" }));
  expect([head.ContentLength, head.ContentEncoding]).toEqual([ContentLength, undefined]);
  expect((await get(here, Bucket, "stream")).equals(Buffer.concat(chunks))).toBe(true);
});

test("a body over the limit of a request is refused, and the answer says the limit", async () => {
  const body = Buffer.alloc(64 * 1_024 * 1_024 + 1);
  await expect(put(here, Bucket, "huge", body)).rejects.toMatchObject({
    ...refusal("EntityTooLarge", 400),
    message: expect.stringContaining("67108864 bytes a request"),
  });
});

test("a body that the disk refuses is not acknowledged, and changes nothing", async () => {
  const lines: string[] = [];
  const other = await openRegion({ report: (line) => lines.push(line) });
  try {
    const own = await newBucket(other);
    await put(other, own, "k", "small");
    rmSync(join(other.stateDirectory, "blobs"), { recursive: true });
    await expect(put(other, own, "k", large)).rejects.toMatchObject(refusal("ServiceUnavailable", 503));
    expect(String(await get(other, own, "k"))).toBe("small");
    expect(lines.join()).toMatch(/cannot be used: ENOENT/);
  } finally {
    await other.close();
  }
});
