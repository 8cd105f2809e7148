import {
  ListObjectsCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  ListObjectVersionsCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newBucket, openRegion, put, refusal, type TestRegion } from "./fixture.ts";

const KEYS = ["a", "b/1", "b/2", "b/c/3", "d", "e f/+&<>\"'", "é/1", "\u{1F600}", "\uFFFD"];

let here: TestRegion;
let Bucket: string;
beforeAll(async () => {
  here = await openRegion();
  Bucket = await newBucket(here);
  await Promise.all(KEYS.toReversed().map((key) => put(here, Bucket, key)));
});
afterAll(() => here.close());

async function list(input: Partial<ListObjectsV2CommandInput> = {}) {
  const answer = await here.s3.send(new ListObjectsV2Command({ Bucket, ...input }));
  return {
    keys: answer.Contents?.map(({ Key }) => Key) ?? [],
    prefixes: answer.CommonPrefixes?.map(({ Prefix }) => Prefix) ?? [],
    answer,
  };
}

/** Every page of a listing, as `keys|prefixes`. */
async function pages(input: Partial<ListObjectsV2CommandInput>): Promise<string[]> {
  const found: string[] = [];
  let token: string | undefined;
  do {
    const { keys, prefixes, answer } = await list({ ...input, ContinuationToken: token });
    found.push(`${keys.join()}|${prefixes.join()}`);
    token = answer.NextContinuationToken;
  } while (token !== undefined);
  return found;
}

// source: user guide, Listing object keys programmatically (UTF-8 binary order)
test("keys are listed in the order of their UTF-8, with size, tag and class", async () => {
  const { keys, answer } = await list();
  expect(keys).toEqual(KEYS.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
  expect(answer).toMatchObject({ Name: Bucket, KeyCount: KEYS.length, MaxKeys: 1_000, IsTruncated: false });
  expect(answer.Contents?.[0]).toMatchObject({
    Size: 1,
    ETag: expect.stringMatching(/^"\w{32}"$/),
    StorageClass: "STANDARD",
  });
});

// source: user guide, Organizing objects using prefixes
test("a prefix and a delimiter show a level of a hierarchy", async () => {
  expect(await list({ Delimiter: "/" })).toMatchObject({
    keys: ["a", "d", "\uFFFD", "\u{1F600}"],
    prefixes: ["b/", "e f/", "é/"],
  });
  expect(await list({ Prefix: "b/", Delimiter: "/" })).toMatchObject({ keys: ["b/1", "b/2"], prefixes: ["b/c/"] });
  expect(await list({ Prefix: "b" })).toMatchObject({ keys: ["b/1", "b/2", "b/c/3"], prefixes: [] });
  expect(await list({ Prefix: "none" })).toMatchObject({ keys: [], answer: { KeyCount: 0 } });
});

// source: API_ListObjectsV2, MaxKeys, ContinuationToken (each common prefix counts once)
test("pages go on where the last one ended, and roll up a prefix once", async () => {
  expect(await pages({ MaxKeys: 2, Prefix: "b/" })).toEqual(["b/1,b/2|", "b/c/3|"]);
  expect(await pages({ MaxKeys: 2, Delimiter: "/" })).toEqual(["a|b/", "d|e f/", "\uFFFD|é/", "\u{1F600}|"]);
  expect(await pages({ MaxKeys: 1, Delimiter: "/" })).toHaveLength(7);
});

// source: API_ListObjectsV2, StartAfter; MaxKeys of 0
test("a listing can start behind a key, and can be empty", async () => {
  expect((await list({ StartAfter: "b/2", MaxKeys: 2 })).keys).toEqual(["b/c/3", "d"]);
  expect((await list({ MaxKeys: 0 })).answer).toMatchObject({ KeyCount: 0, IsTruncated: false });
});

// source: API_ListObjectsV2, EncodingType
test("keys can be listed percent-encoded", async () => {
  const { keys } = await list({ Prefix: "e", EncodingType: "url" });
  expect(keys).toEqual(["e+f/%2B%26%3C%3E%22'"]);
});

// source: API_ListObjectsV2, Errors: InvalidArgument
test("a token that is none, and a number of keys that is none, are refused", async () => {
  await expect(list({ ContinuationToken: "not a token!" })).rejects.toMatchObject(refusal("InvalidArgument", 400));
  await expect(list({ MaxKeys: -1 })).rejects.toMatchObject(refusal("InvalidArgument", 400));
  await expect(list({ EncodingType: "utf" as never })).rejects.toMatchObject(refusal("InvalidArgument", 400));
});

// source: API_ListObjects, Marker, NextMarker
test("the first version of the listing goes on behind its marker", async () => {
  const first = await here.s3.send(new ListObjectsCommand({ Bucket, Delimiter: "/", MaxKeys: 2 }));
  expect(first).toMatchObject({ IsTruncated: true, NextMarker: "b/", CommonPrefixes: [{ Prefix: "b/" }] });
  expect(first.Contents?.[0]).toMatchObject({ Key: "a", Owner: { ID: expect.any(String) } });
  const second = await here.s3.send(new ListObjectsCommand({ Bucket, Delimiter: "/", MaxKeys: 2, Marker: "b/" }));
  expect(second).toMatchObject({ Contents: [{ Key: "d" }], CommonPrefixes: [{ Prefix: "e f/" }] });
});

// source: API_ListObjectVersions (a bucket without versions has the version "null" of each object)
test("the versions of a bucket without versions are its objects", async () => {
  const input = { Bucket, Prefix: "b/", MaxKeys: 2 };
  const { Versions, NextKeyMarker } = await here.s3.send(new ListObjectVersionsCommand(input));
  expect(Versions).toMatchObject([
    { Key: "b/1", VersionId: "null", IsLatest: true },
    { Key: "b/2", VersionId: "null", IsLatest: true },
  ]);
  const next = await here.s3.send(new ListObjectVersionsCommand({ ...input, KeyMarker: NextKeyMarker }));
  expect(next).toMatchObject({ IsTruncated: false, Versions: [{ Key: "b/c/3" }] });
});
