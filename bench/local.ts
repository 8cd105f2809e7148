import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { type ServerProcess, startLocalRegion, withServers } from "../harness/server-process.ts";
import { median } from "./compare.ts";
import { benchDynamodb } from "./dynamodb.ts";
import { benchSqs } from "./sqs.ts";

/** Starts of an empty region; the median counts. */
const STARTS = 5;

/** How long a region idles before its memory is read, milliseconds. */
const IDLE_MS = 3_000;

/**
 * The local region's SQS against fauxqs and its DynamoDB against dynalite, and what an empty region costs: resident memory when
 * idle, megabytes (1,000,000 bytes), and milliseconds from the start of the process to its first answer.
 */
export async function benchLocal(): Promise<{
  sqsDrainRatio: number;
  dynamodbPutRatio: number;
  idleMb: number;
  startMs: number;
}> {
  const idle = await measureIdle();
  const { drainRatio } = await benchSqs();
  const { putRatio } = await benchDynamodb();
  return {
    sqsDrainRatio: drainRatio,
    dynamodbPutRatio: putRatio,
    idleMb: Math.round(median(idle.map((each) => each.mb))),
    startMs: Math.round(median(idle.map((each) => each.startMs))),
  };
}

async function measureIdle(): Promise<readonly { startMs: number; mb: number }[]> {
  const measured: { startMs: number; mb: number }[] = [];
  for (let start = 1; start <= STARTS; start++) {
    await withServers([startLocalRegion], async ([region]) => {
      if (!region) return;
      const startMs = await region.untilAnswering();
      await wait(IDLE_MS);
      const mb = residentBytes(region) / 1e6;
      console.error(`start ${start}  answers after ${startMs.toFixed(0)} ms  idle with ${mb.toFixed(0)} MB`);
      measured.push({ startMs, mb });
    });
  }
  return measured;
}

/** From Linux's own account of the process, or from `ps` where there is none. */
function residentBytes({ pid }: ServerProcess): number {
  const status = `/proc/${pid}/status`;
  const kibibytes = existsSync(status)
    ? /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(status, "utf8"))?.[1]
    : execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" });
  return Number(kibibytes) * 1024;
}
