import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { requireWrite } from "./conditions.ts";
import { get, newBucket, openRegion, put, refusal, type TestRegion } from "./fixture.ts";

let here: TestRegion;
let Bucket: string;
beforeAll(async () => {
  here = await openRegion();
  Bucket = await newBucket(here);
});
afterAll(() => here.close());

const failed = refusal("PreconditionFailed", 412);
const unmodified = { $metadata: { httpStatusCode: 304 } };
const earlier = new Date(Date.now() - 3_600_000);
const later = new Date(Date.now() + 3_600_000);

// source: API_GetObject, If-Match, If-None-Match
test("a read can be bound to an entity tag, or to its absence", async () => {
  const tag = await put(here, Bucket, "tagged", "x");
  expect(String(await get(here, Bucket, "tagged", { IfMatch: tag }))).toBe("x");
  await expect(get(here, Bucket, "tagged", { IfMatch: '"other"' })).rejects.toMatchObject(failed);
  expect(String(await get(here, Bucket, "tagged", { IfNoneMatch: '"other"' }))).toBe("x");
  await expect(get(here, Bucket, "tagged", { IfNoneMatch: tag })).rejects.toMatchObject(unmodified);
  const head = here.s3.send(new HeadObjectCommand({ Bucket, Key: "tagged", IfNoneMatch: tag }));
  await expect(head).rejects.toMatchObject(unmodified);
});

// source: API_GetObject, If-Modified-Since, If-Unmodified-Since
test("a read can be bound to a date", async () => {
  await put(here, Bucket, "dated", "x");
  await expect(get(here, Bucket, "dated", { IfModifiedSince: later })).rejects.toMatchObject(unmodified);
  await expect(get(here, Bucket, "dated", { IfUnmodifiedSince: earlier })).rejects.toMatchObject(failed);
  expect(String(await get(here, Bucket, "dated", { IfModifiedSince: earlier, IfUnmodifiedSince: later }))).toBe("x");
});

// source: API_GetObject (both conditions: If-Match over If-Unmodified-Since, If-None-Match over If-Modified-Since)
test("an entity tag goes before a date", async () => {
  const tag = await put(here, Bucket, "both", "x");
  expect(String(await get(here, Bucket, "both", { IfMatch: tag, IfUnmodifiedSince: earlier }))).toBe("x");
  const known = get(here, Bucket, "both", { IfNoneMatch: tag, IfModifiedSince: earlier });
  await expect(known).rejects.toMatchObject(unmodified);
});

// source: API_GetObject, 304 Not Modified
test("an answer without a body still has the entity tag", async () => {
  const tag = await put(here, Bucket, "cached", "x", { CacheControl: "max-age=9" });
  const answer = await fetch(`${here.region.endpoint}/${Bucket}/cached`, { headers: { "if-none-match": tag } });
  expect([answer.status, answer.headers.get("etag"), answer.headers.get("cache-control")]).toEqual([
    304,
    tag,
    "max-age=9",
  ]);
});

// source: user guide, Conditional writes (If-None-Match)
test("a put that must create is refused where the object is, and changes nothing", async () => {
  await put(here, Bucket, "once", "first", { IfNoneMatch: "*" });
  await expect(put(here, Bucket, "once", "second", { IfNoneMatch: "*" })).rejects.toMatchObject(failed);
  expect(String(await get(here, Bucket, "once"))).toBe("first");
});

// source: user guide, Conditional writes (the first write to finish succeeds, the others get 412)
test("of ten puts at once that must create, one succeeds", async () => {
  const puts = Array.from({ length: 10 }, (_, index) =>
    put(here, Bucket, "race", Buffer.alloc(50_000, index), { IfNoneMatch: "*" }),
  );
  const outcomes = await Promise.allSettled(puts);
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  for (const each of outcomes) if (each.status === "rejected") expect(each.reason).toMatchObject(failed);
});

// source: user guide, Conditional writes (If-Match)
test("a put bound to a tag replaces only that object", async () => {
  const tag = await put(here, Bucket, "cas", "1");
  await put(here, Bucket, "cas", "2", { IfMatch: tag });
  await expect(put(here, Bucket, "cas", "3", { IfMatch: tag })).rejects.toMatchObject(failed);
  await expect(put(here, Bucket, "absent", "3", { IfMatch: tag })).rejects.toMatchObject(refusal("NoSuchKey", 404));
  expect(String(await get(here, Bucket, "cas"))).toBe("2");
});

// source: user guide, Conditional writes (409 where a delete comes in between)
test("a write whose object was deleted while it ran is in conflict", () => {
  const write = () => requireWrite({ IfMatch: '"a"' }, "k", { atArrival: "a", now: undefined });
  expect(write).toThrow(expect.objectContaining({ code: "ConditionalRequestConflict", status: 409 }));
  expect(() => requireWrite({ IfMatch: '"a"' }, "k", { atArrival: undefined, now: "a" })).not.toThrow();
});

// source: API_PutObject, If-None-Match (expects the asterisk)
test("If-None-Match of a write takes only the asterisk", async () => {
  await expect(put(here, Bucket, "k", "-", { IfNoneMatch: '"tag"' })).rejects.toMatchObject(
    refusal("NotImplemented", 501),
  );
});

// source: API_CompleteMultipartUpload, If-None-Match
test("completing an upload can be bound to the object's absence, and the upload stays", async () => {
  const { UploadId } = await here.s3.send(new CreateMultipartUploadCommand({ Bucket, Key: "parts" }));
  const part = { Bucket, Key: "parts", UploadId };
  const { ETag } = await here.s3.send(new UploadPartCommand({ ...part, PartNumber: 1, Body: "p" }));
  const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
  const complete = (input: object) =>
    here.s3.send(new CompleteMultipartUploadCommand({ ...part, MultipartUpload, ...input }));
  const tag = await put(here, Bucket, "parts", "there");
  await expect(complete({ IfNoneMatch: "*" })).rejects.toMatchObject(failed);
  await complete({ IfMatch: tag });
  expect(String(await get(here, Bucket, "parts"))).toBe("p");
});

// source: API_DeleteObject, If-Match
test("a delete can be bound to a tag", async () => {
  const tag = await put(here, Bucket, "del", "x");
  const remove = (IfMatch: string) => here.s3.send(new DeleteObjectCommand({ Bucket, Key: "del", IfMatch }));
  await expect(remove('"other"')).rejects.toMatchObject(failed);
  await remove(tag);
  await expect(here.s3.send(new GetObjectCommand({ Bucket, Key: "del" }))).rejects.toMatchObject(
    refusal("NoSuchKey", 404),
  );
});

// source: API_CopyObject, x-amz-copy-source-if-match and its like
test("a copy can be bound to its source and to its target", async () => {
  const tag = await put(here, Bucket, "src", "x");
  const copy = (input: object) =>
    here.s3.send(new CopyObjectCommand({ Bucket, Key: "dst", CopySource: `${Bucket}/src`, ...input }));
  await expect(copy({ CopySourceIfMatch: '"other"' })).rejects.toMatchObject(failed);
  await expect(copy({ CopySourceIfNoneMatch: tag })).rejects.toMatchObject(failed);
  await expect(copy({ CopySourceIfUnmodifiedSince: earlier })).rejects.toMatchObject(failed);
  await copy({ CopySourceIfMatch: tag, IfNoneMatch: "*" });
  await expect(copy({ IfNoneMatch: "*" })).rejects.toMatchObject(failed);
});
