import { GetObjectCommand, HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CRC32, CRC32C, CRC64NVME } from "./crc.ts";
import { get, newBucket, openRegion, put, refusal, type TestRegion } from "./fixture.ts";

let here: TestRegion;
let Bucket: string;
beforeAll(async () => {
  here = await openRegion();
  Bucket = await newBucket(here);
});
afterAll(() => here.close());

/** Of the text "123456789", by the published check values of each algorithm. */
const CHECKS = {
  CRC32: "y/Q5Jg==",
  CRC32C: "4waSgw==",
  CRC64NVME: "rosUhgp5mIg=",
  SHA1: "98O8HYCOBHMq32eZZczDTKeuNEE=",
  SHA256: "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=",
} as const;
const algorithms = Object.keys(CHECKS) as (keyof typeof CHECKS)[];
const text = "123456789";

// source: user guide, Checking object integrity (supported algorithms)
test.each(algorithms)(
  "a checksum by %s is verified, kept, and given where it is asked for",
  async (ChecksumAlgorithm) => {
    const member = `Checksum${ChecksumAlgorithm}`;
    const answer = await here.s3.send(new PutObjectCommand({ Bucket, Key: member, Body: text, ChecksumAlgorithm }));
    expect(answer).toMatchObject({ [member]: CHECKS[ChecksumAlgorithm], ChecksumType: "FULL_OBJECT" });
    const asked = await here.s3.send(new HeadObjectCommand({ Bucket, Key: member, ChecksumMode: "ENABLED" }));
    expect(asked).toMatchObject({ [member]: CHECKS[ChecksumAlgorithm], ChecksumType: "FULL_OBJECT" });
    const { [member]: unasked } = { ...(await here.s3.send(new HeadObjectCommand({ Bucket, Key: member }))) } as Record<
      string,
      unknown
    >;
    expect(unasked).toBeUndefined();
    expect(String(await get(here, Bucket, member))).toBe(text);
  },
);

// source: API_PutObject, x-amz-checksum-* (BadDigest)
test.each(algorithms)("a body that its %s does not fit is refused, and nothing is kept", async (algorithm) => {
  const wrong = { [`Checksum${algorithm}`]: CHECKS[algorithm] };
  await expect(put(here, Bucket, "wrong", "other", wrong)).rejects.toMatchObject(refusal("BadDigest", 400));
  await expect(get(here, Bucket, "wrong")).rejects.toMatchObject(refusal("NoSuchKey", 404));
});

// source: API_PutObject, Content-MD5
test("a Content-MD5 is verified", async () => {
  await put(here, Bucket, "md5", text, { ContentMD5: "JfnnlDI7RTiF9RgfG2JNCw==" });
  const other = put(here, Bucket, "md5", "other", { ContentMD5: "JfnnlDI7RTiF9RgfG2JNCw==" });
  await expect(other).rejects.toMatchObject(refusal("BadDigest", 400));
  await expect(put(here, Bucket, "md5", "x", { ContentMD5: "abc" })).rejects.toMatchObject(
    refusal("InvalidDigest", 400),
  );
});

const raw = (key: string, body: string, headers: Record<string, string> = {}) =>
  fetch(`${here.region.endpoint}/${Bucket}/${key}`, { method: "PUT", body, headers });
const codeOf = async (answer: Response) => /<Code>(\w+)<\/Code>/.exec(await answer.text())?.[1];

// source: user guide, Checking object integrity (S3 adds CRC64NVME where a client gives none)
test("an object without a checksum gets CRC64NVME", async () => {
  await raw("none", text);
  const head = await here.s3.send(new HeadObjectCommand({ Bucket, Key: "none", ChecksumMode: "ENABLED" }));
  expect(head.ChecksumCRC64NVME).toBe(CHECKS.CRC64NVME);
});

// source: API_PutObject, x-amz-checksum-algorithm; x-amz-sdk-checksum-algorithm
test("two checksums, one that cannot be, and one that is only announced are refused", async () => {
  const two = { "x-amz-checksum-crc32": CHECKS.CRC32, "x-amz-checksum-sha1": CHECKS.SHA1 };
  for (const headers of [two, { "x-amz-checksum-crc32": "abc" }, { "x-amz-sdk-checksum-algorithm": "CRC32" }]) {
    expect(await codeOf(await raw("odd", text, headers as Record<string, string>))).toBe("InvalidRequest");
  }
});

const chunked = (trailer: string): [string, Record<string, string>] => [
  `4\r\n1234\r\n5;chunk-signature=00\r\n56789\r\n0\r\n${trailer}\r\n\r\n`,
  {
    "content-encoding": "aws-chunked",
    "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
    "x-amz-decoded-content-length": "9",
    "x-amz-trailer": "x-amz-checksum-crc32",
  },
];

// source: API reference, Signature calculations for trailing headers
test("a checksum behind the body is verified like one before it", async () => {
  expect((await raw("trail", ...chunked(`x-amz-checksum-crc32:${CHECKS.CRC32}`))).status).toBe(200);
  expect(String(await get(here, Bucket, "trail"))).toBe(text);
  expect(await codeOf(await raw("trail2", ...chunked("x-amz-checksum-crc32:AAAAAA==")))).toBe("BadDigest");
  expect(await codeOf(await raw("trail2", ...chunked("")))).toBe("InvalidRequest");
});

// source: API reference, List of error codes (IncompleteBody, XAmzContentSHA256Mismatch)
test("a body that is cut off, or that is not the one that was signed, is refused", async () => {
  const [body, headers] = chunked(`x-amz-checksum-crc32:${CHECKS.CRC32}`);
  expect(await codeOf(await raw("cut", body.slice(0, 12), headers))).toBe("IncompleteBody");
  expect(await codeOf(await raw("cut", body, { ...headers, "x-amz-decoded-content-length": "10" }))).toBe(
    "IncompleteBody",
  );
  expect(await codeOf(await raw("cut", text, { "x-amz-content-sha256": "0".repeat(64) }))).toBe(
    "XAmzContentSHA256Mismatch",
  );
});

// source: API_GetObject, x-amz-checksum-mode (checksums are of the whole object)
test("a range has no checksum", async () => {
  await put(here, Bucket, "range", text);
  const input = { Bucket, Key: "range", Range: "bytes=0-3", ChecksumMode: "ENABLED" } as const;
  expect((await here.s3.send(new GetObjectCommand(input))).ChecksumCRC32).toBeUndefined();
});

test.each([
  ["CRC32", CRC32],
  ["CRC32C", CRC32C],
  ["CRC64NVME", CRC64NVME],
] as const)("the %s of two texts comes from theirs", (_name, { of, combine }) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 300 }), (first, second) => {
      expect(combine(of(first), of(second), second.length)).toBe(of(Buffer.concat([first, second])));
    }),
  );
});
