import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { get, newBucket, openRegion, put, type TestRegion } from "./fixture.ts";

let here: TestRegion;
beforeAll(async () => {
  here = await openRegion();
});
afterAll(() => here.close());

const fragment = fc.oneof(
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }),
  fc.constantFrom(
    "/",
    "//",
    ".",
    "..",
    "../",
    " ",
    "+",
    "%",
    "%2F",
    "%00",
    "?acl",
    "#",
    "&",
    "<",
    "\0",
    "\r\n",
    "\\",
    "é",
    "\u{1F600}",
    "\uFFFF",
  ),
);
const key = fc.array(fragment, { minLength: 1, maxLength: 8 }).map((parts) => parts.join(""));
const body = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc.constantFrom("", "<xml/>", "0\r\n\r\n", "{}").map((text) => Buffer.from(text)),
  fc.integer({ min: 16_000, max: 70_000 }).map((size) => Buffer.alloc(size, "\0\xff\r\n")),
);

test("an object comes back byte for byte, whatever its key and its body", async () => {
  await fc.assert(
    fc.asyncProperty(fc.dictionary(key, body, { minKeys: 1, maxKeys: 4, noNullPrototype: true }), async (objects) => {
      const Bucket = await newBucket(here);
      const entries = Object.entries(objects);
      for (const [Key, Body] of entries) await put(here, Bucket, Key, Body);
      for (const [Key, Body] of entries) expect((await get(here, Bucket, Key)).equals(Body)).toBe(true);
      const listed = await here.s3.send(new ListObjectsV2Command({ Bucket, EncodingType: "url" }));
      const keys = listed.Contents?.map(({ Key = "" }) => decodeURIComponent(Key.replaceAll("+", " "))) ?? [];
      expect(keys.toSorted()).toEqual(Object.keys(objects).toSorted());
    }),
    { numRuns: 60 },
  );
});
