import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Region, startRegion } from "../src/region.ts";
import { writeAssembly } from "./assembly-fixture.ts";

let directory: string;
let disk: string;

function shell(command: string): void {
  execFileSync("sh", ["-c", command], { stdio: "pipe" });
}

/** Whether a small file system of a test's own can be mounted: by root, on Linux, where the container allows it. */
function canMount(): boolean {
  const probe = mkdtempSync(join(tmpdir(), "reliq-mount-"));
  try {
    shell(`mount -t tmpfs -o size=64k tmpfs ${probe} && umount ${probe}`);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(probe, { recursive: true, force: true });
  }
}

/** Takes what space is left on the disk. */
function fill(): void {
  for (const bytes of [65_536, 4_096]) {
    for (let index = 0; index < 1_000; index++) {
      try {
        writeFileSync(join(disk, `filler-${bytes}-${index}`), Buffer.alloc(bytes));
      } catch {
        break;
      }
    }
  }
}

function free(): void {
  shell(`rm -f ${disk}/filler-*`);
}

const template = { Resources: { Q: { Type: "AWS::SQS::Queue", Properties: { QueueName: "orders" } } } };
const start = (report: (line: string) => void = () => {}): Promise<Region> =>
  startRegion({
    stateDirectory: join(disk, "state"),
    port: 0,
    assembly: writeAssembly(join(directory, "cdk.out"), { Shop: { template } }),
    report,
  });

describe.skipIf(!canMount())("on a small disk (skipped where this process cannot mount one)", () => {
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "reliq-disk-"));
    disk = join(directory, "disk");
    mkdirSync(disk);
    shell(`mount -t tmpfs -o size=4m tmpfs ${disk}`);
  });
  afterEach(() => {
    shell(`umount ${disk}`);
    rmSync(directory, { recursive: true, force: true });
  });

  test("a full disk stops the start with one line that says what to do, and a start with space works", async () => {
    fill();
    await expect(start()).rejects.toThrow(/cannot be used: .*full.* Free some space and try again; nothing that was/);
    free();
    await (await start()).stop();
  });

  test("a disk that fills up while the region runs is answered with 503, and every acknowledged message is kept", async () => {
    const lines: string[] = [];
    const region = await start((line) => lines.push(line));
    const acknowledged: string[] = [];
    const send = async (body: string): Promise<number> => {
      const response = await fetch(region.endpoint, {
        method: "POST",
        headers: { "x-amz-target": "AmazonSQS.SendMessage" },
        body: JSON.stringify({ QueueUrl: `${region.endpoint}/000000000000/orders`, MessageBody: body }),
      });
      await response.text();
      if (response.ok) acknowledged.push(body);
      return response.status;
    };
    expect(await send("before")).toBe(200);
    fill();
    const filler = "x".repeat(50_000);
    let status = 200;
    for (let index = 0; index < 200 && status === 200; index++) status = await send(`${index} ${filler}`);
    expect(status).toBe(503);
    expect(lines.at(-1)).toMatch(/full.* Free some space and try again; nothing that was acknowledged is lost\.$/);
    free();
    expect(await send("after")).toBe(200);
    await region.stop();

    const again = await start();
    const QueueUrl = `${again.endpoint}/000000000000/orders`;
    const bodies: string[] = [];
    for (;;) {
      const { Messages = [] } = await again.call("sqs", "ReceiveMessage", { QueueUrl, MaxNumberOfMessages: 10 });
      const received = Messages as { Body: string }[];
      if (received.length === 0) break;
      bodies.push(...received.map(({ Body }) => Body));
    }
    expect(bodies.sort()).toEqual(acknowledged.sort());
    await again.stop();
  });

  test("a read-only disk stops the start with one line that says what to do", async () => {
    shell(`mount -o remount,ro ${disk}`);
    await expect(start()).rejects.toThrow("Make the directory writable, or give another with --state DIR.");
  });

  test("a disk that turns read-only with the state on it stops the start, too", async () => {
    await (await start()).stop();
    shell(`mount -o remount,ro ${disk}`);
    await expect(start()).rejects.toThrow("Make the directory writable, or give another with --state DIR.");
  });
});
