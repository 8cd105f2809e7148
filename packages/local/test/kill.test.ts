import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { type Region, startRegion } from "../src/region.ts";
import { writeAssembly } from "./assembly-fixture.ts";
import { killProcess, spawnRegion } from "./region-child.ts";

const ROUNDS = 6;
const QUEUES = 60;
const MESSAGES = 20;

const NAMES = Array.from({ length: QUEUES }, (_, index) => `q${index}`);

/** An assembly whose every queue changes with the round, so that each start has everything to do. */
function assemblyOf(directory: string, round: number): string {
  const queues = NAMES.map((QueueName) => [
    QueueName,
    { Type: "AWS::SQS::Queue", Properties: { QueueName, VisibilityTimeout: 30 + round } },
  ]);
  const only = { Type: "AWS::SQS::Queue", Properties: { QueueName: `only-${round}` } };
  const Resources = { ...Object.fromEntries(queues), [`Only${round}`]: only };
  return writeAssembly(join(directory, `cdk-${round}.out`), { Shop: { template: { Resources } } });
}

/** Starts a region in a process of its own, and resolves when that is about to open its state. */
async function startProcess(state: string, assembly: string): Promise<{ child: ChildProcess; lines: Interface }> {
  const child = spawnRegion(state, { assembly });
  const lines = createInterface({ input: child.stdout });
  await once(lines, "line");
  return { child, lines };
}

/** Milliseconds that a start with everything to do takes, so that the kills fall into it. */
async function measureStart(state: string, assembly: string): Promise<number> {
  const { child, lines } = await startProcess(state, assembly);
  const began = performance.now();
  await once(lines, "line");
  const took = performance.now() - began;
  await killProcess(child);
  return took;
}

function call(region: Region, action: string, queue: string, input: object): Promise<Record<string, unknown>> {
  return region.call("sqs", action, { QueueUrl: `${region.endpoint}/000000000000/${queue}`, ...input });
}

async function receiveAll(region: Region, queue: string): Promise<string[]> {
  const bodies: string[] = [];
  for (;;) {
    const { Messages = [] } = await call(region, "ReceiveMessage", queue, { MaxNumberOfMessages: 10 });
    const received = Messages as { Body: string }[];
    if (received.length === 0) return bodies;
    bodies.push(...received.map(({ Body }) => Body));
  }
}

test("killed at random points of a deployment and started again, a region has each resource once and keeps its data", {
  timeout: 120_000,
}, async () => {
  const directory = mkdtempSync(join(tmpdir(), "reliq-kill-"));
  const state = join(directory, "state");
  const first = await startRegion({ stateDirectory: state, port: 0, assembly: assemblyOf(directory, 0) });
  const sent = Array.from({ length: MESSAGES }, (_, index) => `message ${index}`);
  for (const MessageBody of sent) await call(first, "SendMessage", "q0", { MessageBody });
  await first.stop();

  const longestMs = await measureStart(state, assemblyOf(directory, 1));
  for (let round = 2; round <= ROUNDS; round++) {
    const { child } = await startProcess(state, assemblyOf(directory, round));
    await wait(Math.random() * longestMs);
    await killProcess(child);
  }

  const last = await startRegion({ stateDirectory: state, port: 0, assembly: assemblyOf(directory, ROUNDS + 1) });
  try {
    expect(last.status().stacks).toMatchObject([{ name: "Shop", status: "UPDATE_COMPLETE", resources: QUEUES + 1 }]);
    const urls = (await last.call("sqs", "ListQueues", {}))["QueueUrls"] as string[];
    const names = urls.map((url) => url.split("/").at(-1));
    expect(names.sort()).toEqual([...NAMES, `only-${ROUNDS + 1}`].sort());
    expect((await receiveAll(last, "q0")).sort()).toEqual(sent.sort());
  } finally {
    await last.stop();
    rmSync(directory, { recursive: true, force: true });
  }
});
