import { setTimeout as wait } from "node:timers/promises";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { Browser } from "playwright-core";
import { cpuTimes } from "../harness/processes.ts";
import type { ServerProcess } from "../harness/server-process.ts";
import { CREDENTIALS } from "./consumer-requests.ts";

/** What the console uses while messages are processed and die, percent of one core. */
export interface LiveLoad {
  /** The process of the page that lists failures, and of the overview. */
  readonly failuresPagePercent: number;
  readonly overviewPagePercent: number;
  /** The console's own process while a page is open, and with none. */
  readonly consolePercent: number;
  readonly consoleAlonePercent: number;
  /** What the region uses more while a page is open. */
  readonly regionMorePercent: number;
}

interface Watched {
  readonly region: ServerProcess;
  readonly served: ServerProcess;
  readonly queue: string;
}

/** How long each load is measured, and how long a page may settle before, milliseconds. */
const SPAN_MS = 20_000;
const SETTLING_MS = 4_000;

/** Messages a second; each fifth of them dies, and is held. */
const RATE = 5;

/** Measures the load of both pages under the same stream of messages, and that of the servers with and without them. */
export async function measureLive(browser: Browser, { region, served, queue }: Watched): Promise<LiveLoad> {
  const traffic = new AbortController();
  const sending = send(region.endpoint, queue, traffic.signal);
  const percentOf = async (work: () => Promise<number>): Promise<readonly [number, number, number]> => {
    const before = [region, served].map(({ pid }) => cpuTimes(pid).ownMs);
    const page = await work();
    const after = [region, served].map(({ pid }) => cpuTimes(pid).ownMs);
    const [ofRegion = 0, ofConsole = 0] = after.map((ms, index) => ((ms - (before[index] ?? 0)) / SPAN_MS) * 100);
    return [page, ofConsole, ofRegion];
  };
  try {
    await wait(SETTLING_MS);
    const [, alone, regionAlone] = await percentOf(() => wait(SPAN_MS, 0));
    const pages: (readonly [number, number, number])[] = [];
    for (const path of ["/failures?system=self-healing", "/"]) {
      const context = await browser.newContext({ baseURL: served.endpoint, viewport: { width: 1280, height: 900 } });
      const page = await context.newPage();
      await page.goto(path);
      await wait(SETTLING_MS);
      pages.push(await percentOf(() => pageLoad(browser)));
      await context.close();
    }
    const [failures = [0, 0, 0], overview = [0, 0, 0]] = pages;
    const load = {
      failuresPagePercent: rounded(failures[0]),
      overviewPagePercent: rounded(overview[0]),
      consolePercent: rounded(Math.max(failures[1], overview[1])),
      consoleAlonePercent: rounded(alone),
      regionMorePercent: rounded(Math.max(failures[2], overview[2]) - regionAlone),
    };
    console.error(JSON.stringify(load));
    return load;
  } finally {
    traffic.abort();
    await sending;
  }
}

/** What the processes of pages used, percent of one core. */
async function pageLoad(browser: Browser): Promise<number> {
  const before = await rendererSeconds(browser);
  await wait(SPAN_MS);
  return (((await rendererSeconds(browser)) - before) / (SPAN_MS / 1_000)) * 100;
}

async function rendererSeconds(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  return processInfo.filter(({ type }) => type === "renderer").reduce((sum, { cpuTime }) => sum + cpuTime, 0);
}

async function send(endpoint: string, queue: string, signal: AbortSignal): Promise<void> {
  const sqs = new SQSClient({ endpoint, region: "us-east-1", credentials: CREDENTIALS });
  const QueueUrl = `${endpoint}/000000000000/${queue}`;
  for (let sent = 0; !signal.aborted; sent += 1) {
    const fault = sent % 5 === 0 ? { fault: { DataType: "String", StringValue: "auth" } } : {};
    const MessageBody = JSON.stringify({ orderId: `bench-${sent}`, customerId: "customer-1", amount: 10 });
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, MessageAttributes: fault }));
    await wait(1_000 / RATE, undefined, { signal }).catch(() => undefined);
  }
  sqs.destroy();
}

function rounded(percent: number): number {
  return Number(percent.toFixed(1));
}
