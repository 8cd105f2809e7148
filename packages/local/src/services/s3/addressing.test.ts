import { type IncomingMessage, request } from "node:http";
import {
  GetBucketAclCommand,
  GetObjectAclCommand,
  GetObjectAttributesCommand,
  GetObjectTaggingCommand,
  PutObjectAclCommand,
  PutObjectTaggingCommand,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { get, newBucket, openRegion, put, refusal, type TestRegion } from "./fixture.ts";

let here: TestRegion;
let Bucket: string;
beforeAll(async () => {
  here = await openRegion();
  Bucket = await newBucket(here);
  await put(here, Bucket, "a key", "there");
});
afterAll(() => here.close());

/** Sends a request as it is: fetch would tidy its path and refuse a host. */
function send(
  path: string,
  headers: Record<string, string> = {},
  method = "GET",
  body = "",
): Promise<[number, string]> {
  return new Promise((resolve, reject) => {
    const answered = async (answer: IncomingMessage) =>
      resolve([answer.statusCode ?? 0, Buffer.concat(await answer.toArray()).toString()]);
    const { hostname, port } = new URL(here.region.endpoint);
    request({ hostname, port, path, headers, method }, (answer) => void answered(answer).catch(reject))
      .once("error", reject)
      .end(body);
  });
}

// source: user guide, Virtual hosting of general purpose buckets
test("a bucket is found by the path and by the host", async () => {
  expect(await send(`/${Bucket}/a%20key`)).toEqual([200, "there"]);
  for (const host of [`${Bucket}.s3.localhost:4566`, `${Bucket}.localhost`, `${Bucket}.s3.us-east-1.amazonaws.com`]) {
    expect(await send("/a%20key", { host })).toEqual([200, "there"]);
  }
  expect((await send("/?list-type=2", { host: `${Bucket}.s3.localhost` }))[1]).toContain("<Key>a key</Key>");
  expect(await send(`/${Bucket}/a%20key`, { host: "s3.us-east-1.amazonaws.com" })).toEqual([200, "there"]);
});

// source: API reference, ListBuckets (GET /)
test("an unsigned request to the root lists the buckets", async () => {
  expect((await send("/"))[1]).toContain(`<Name>${Bucket}</Name>`);
});

test("an unsigned request to another service's path goes there, not to a bucket of that name", async () => {
  const [, functions] = await send("/2015-03-31/functions");
  expect(JSON.parse(functions)).toEqual({ Functions: [] });
  expect((await send("/_reliq/status"))[0]).toBe(200);
});

// source: API reference, REST error responses
test("an error is a document with its code, the resource and the request", async () => {
  const [status, body] = await send(`/${Bucket}/no%26ne`);
  expect(status).toBe(404);
  expect(body).toMatch(
    /<Error><Code>NoSuchKey<\/Code><Message>.+<\/Message><Key>no&amp;ne<\/Key><Resource>.+<\/Resource><RequestId>[\w-]+<\/RequestId><\/Error>$/,
  );
});

// source: API reference, List of error codes (InvalidURI)
test("a path that is not UTF-8 is refused", async () => {
  expect(await send(`/${Bucket}/%ff`)).toEqual([400, expect.stringContaining("<Code>InvalidURI</Code>")]);
});

test("what is not served is refused by name, and is not taken for the object", async () => {
  const Key = "a key";
  const refused = refusal("NotImplemented", 501);
  const send = (command: unknown) => here.s3.send(command as GetBucketAclCommand);
  await expect(send(new GetBucketAclCommand({ Bucket }))).rejects.toMatchObject({
    ...refused,
    message: expect.stringContaining("?acl"),
  });
  await expect(send(new GetObjectAclCommand({ Bucket, Key }))).rejects.toMatchObject(refused);
  await expect(send(new GetObjectTaggingCommand({ Bucket, Key }))).rejects.toMatchObject(refused);
  await expect(send(new PutObjectAclCommand({ Bucket, Key, ACL: "private" }))).rejects.toMatchObject(refused);
  await expect(send(new PutObjectTaggingCommand({ Bucket, Key, Tagging: { TagSet: [] } }))).rejects.toMatchObject(
    refused,
  );
  await expect(send(new GetObjectAttributesCommand({ Bucket, Key, ObjectAttributes: ["ETag"] }))).rejects.toMatchObject(
    refused,
  );
  const copy = { Bucket, Key, UploadId: "u", PartNumber: 1, CopySource: `${Bucket}/a` };
  await expect(send(new UploadPartCopyCommand(copy))).rejects.toMatchObject(refused);
  expect(String(await get(here, Bucket, Key))).toBe("there");
});

test("a header that is not carried out is refused by name", async () => {
  for (const input of [
    { Tagging: "a=b" },
    { ObjectLockLegalHoldStatus: "ON" },
    { WebsiteRedirectLocation: "/x" },
  ] as const) {
    await expect(put(here, Bucket, "k", "x", input)).rejects.toMatchObject(refusal("NotImplemented", 501));
  }
  await expect(put(here, Bucket, "k", "x", { ACL: "public-read" })).rejects.toMatchObject(
    refusal("AccessControlListNotSupported", 400),
  );
});

/** A presigned URL's query; signatures are not checked. */
const presigned = (date: string, seconds: number) =>
  `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=local%2F20260101%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=${date}&X-Amz-Expires=${seconds}&X-Amz-SignedHeaders=host&X-Amz-Signature=00`;
const now = () => new Date().toISOString().replace(/[-:]|\.\d+/g, "");

// source: user guide, Download and upload objects with presigned URLs
test("a presigned URL gives and takes an object until its time is over", async () => {
  expect(await send(`/${Bucket}/a%20key?${presigned(now(), 60)}&x-id=GetObject`)).toEqual([200, "there"]);
  const put = `/${Bucket}/by-url?${presigned(now(), 60)}&x-id=PutObject&x-amz-meta-a=1&x-amz-checksum-crc32=y%2FQ5Jg%3D%3D`;
  const form = { "content-type": "application/x-www-form-urlencoded" };
  expect((await send(put, form, "PUT", "123456789"))[0]).toBe(200);
  expect(await send(put, form, "PUT", "other")).toEqual([400, expect.stringContaining("BadDigest")]);
  expect(String(await get(here, Bucket, "by-url"))).toBe("123456789");
  const old = await send(`/${Bucket}/a%20key?${presigned("20200101T000000Z", 60)}`);
  expect(old).toEqual([403, expect.stringContaining("<Message>Request has expired</Message>")]);
});
