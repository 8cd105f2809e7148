import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { startReliq, withDirectory } from "./command.ts";
import { untilReady } from "./region.ts";

test("a script on the plain SDK creates queues, sends, receives, deletes and redrives", async () => {
  await withDirectory(async (state) => {
    const region = startReliq(["local", "start", "--port", "0", "--state", state]);
    const env = {
      ...process.env,
      AWS_ENDPOINT_URL: await untilReady(region),
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "local",
      AWS_SECRET_ACCESS_KEY: "local",
    };
    const { stdout } = await promisify(execFile)(process.execPath, ["test/journeys/sdk-script.ts"], { env });
    expect(JSON.parse(stdout)).toEqual({
      left: 0,
      died: ["bad", "worse"],
      again: ["bad, receive 1", "worse, receive 1"],
      task: ["COMPLETED", 2],
    });
    region.child.kill("SIGINT");
    expect((await region.ended).code).toBe(0);
  });
}, 60_000);
