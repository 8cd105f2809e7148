import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { openRegion } from "./fixture.ts";

const AWS = "/usr/bin/aws";
const run = promisify(execFile);

test.skipIf(!existsSync(AWS))(
  `the AWS CLI copies, lists, describes and removes objects (skipped where ${AWS} is missing)`,
  { timeout: 120_000 },
  async () => {
    const here = await openRegion();
    const directory = mkdtempSync(join(tmpdir(), "reliq-s3-cli-"));
    const env = {
      PATH: process.env["PATH"],
      HOME: directory,
      AWS_ACCESS_KEY_ID: "local",
      AWS_SECRET_ACCESS_KEY: "local",
      AWS_DEFAULT_REGION: "us-east-1",
    };
    const aws = async (...args: string[]) =>
      (await run(AWS, ["--endpoint-url", here.region.endpoint, "--output", "json", ...args], { env, cwd: directory }))
        .stdout;
    try {
      const large = Buffer.alloc(20 * 1_024 * 1_024, "0123456789");
      writeFileSync(join(directory, "small file+ü.txt"), "hello");
      writeFileSync(join(directory, "large.bin"), large);
      await aws("s3", "mb", "s3://cli-bucket");
      await aws("s3", "cp", "small file+ü.txt", "s3://cli-bucket/a b/small file+ü.txt", "--metadata", "a=1");
      await aws("s3", "cp", "large.bin", "s3://cli-bucket/large.bin");
      expect(await aws("s3", "ls", "s3://cli-bucket")).toMatch(/PRE a b\/\n.* 20971520 large\.bin/);
      expect(await aws("s3", "ls", "s3://cli-bucket", "--recursive")).toContain("5 a b/small file+ü.txt");
      await aws("s3", "cp", "s3://cli-bucket/large.bin", "back.bin");
      expect(readFileSync(join(directory, "back.bin")).equals(large)).toBe(true);
      const name = ["--bucket", "cli-bucket", "--key", "a b/small file+ü.txt"];
      const head = JSON.parse(await aws("s3api", "head-object", ...name));
      expect(head).toMatchObject({ ContentLength: 5, ContentType: "text/plain", Metadata: { a: "1" } });
      const url = await aws("s3", "presign", "s3://cli-bucket/a b/small file+ü.txt");
      expect(await (await fetch(url.trim())).text()).toBe("hello");
      await aws("s3", "rm", "s3://cli-bucket", "--recursive");
      await aws("s3", "rb", "s3://cli-bucket");
      expect(JSON.parse(await aws("s3api", "list-buckets")).Buckets).toEqual([]);
    } finally {
      await here.close();
      rmSync(directory, { recursive: true, force: true });
    }
  },
);
