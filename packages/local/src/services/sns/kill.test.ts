import { randomInt, randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { PublishCommand, type SNSClient } from "@aws-sdk/client-sns";
import { expect, test } from "vitest";
import { startRegionChild } from "../../../test/region-child.ts";
import { type Region, startRegion } from "../../region.ts";
import { arnOf, clientsOf, newTopic, subscribe } from "./fixture.ts";

const ROUNDS = 5;
const WRITERS = 6;
const STANDARD = "events";
const FIFO = "events.fifo";
const QUEUES = ["one", "two", "ordered.fifo"];

/** The messages that were acknowledged, and, by group, their order. */
interface History {
  readonly standard: Set<string>;
  readonly groups: Map<string, string[]>;
}

/** Publishes to either topic until the region is gone; each writer has a group of its own. */
async function write(sns: SNSClient, MessageGroupId: string, { standard, groups }: History): Promise<void> {
  const group = groups.get(MessageGroupId) ?? [];
  groups.set(MessageGroupId, group);
  for (;;) {
    const Message = randomUUID();
    const fifo = randomInt(2) === 0;
    const ids = fifo && { MessageGroupId, MessageDeduplicationId: Message };
    try {
      await sns.send(new PublishCommand({ TopicArn: arnOf("sns", fifo ? FIFO : STANDARD), Message, ...ids }));
    } catch (error) {
      // An answer is no kill.
      if ((error as { $response?: unknown }).$response !== undefined) throw error;
      return;
    }
    if (fifo) group.push(Message);
    else standard.add(Message);
  }
}

async function prepare(endpoint: string): Promise<void> {
  const clients = clientsOf(endpoint);
  const raw = { RawMessageDelivery: "true" };
  await newTopic(clients, {}, STANDARD);
  await newTopic(clients, { FifoTopic: "true" }, FIFO);
  await subscribe(clients, arnOf("sns", STANDARD), "sqs", arnOf("sqs", "one"), raw);
  await subscribe(clients, arnOf("sns", STANDARD), "sqs", arnOf("sqs", "two"), raw);
  await subscribe(clients, arnOf("sns", FIFO), "sqs", arnOf("sqs", "ordered.fifo"), raw);
}

/** One life of a region, which is killed amid its load. */
async function runUntilKilled(state: string, history: History): Promise<void> {
  const { child, endpoint } = await startRegionChild(state);
  const gone = once(child, "exit");
  const { sns } = clientsOf(endpoint);
  try {
    const writers = Array.from({ length: WRITERS }, (_, writer) => write(sns, `g${writer}`, history));
    await wait(randomInt(200, 600));
    child.kill("SIGKILL");
    await Promise.all(writers);
  } finally {
    child.kill("SIGKILL");
    await gone;
    sns.destroy();
  }
}

/** What a queue holds, in the order in which it came, once the region has nothing under way. */
async function bodiesOf(region: Region, QueueUrl: string): Promise<string[]> {
  const bodies: string[] = [];
  for (let After: unknown; ; ) {
    const { Messages, NextToken } = await region.call("sqs", "ReliqPeekMessages", { QueueUrl, After });
    bodies.push(...(Messages as { Body: string }[]).map(({ Body }) => Body));
    if (NextToken === undefined) return bodies;
    After = NextToken;
  }
}

test("killed amid publishes, a region delivers each acknowledged message to each subscription, groups in their order", {
  timeout: 120_000,
}, async () => {
  const state = join(mkdtempSync(join(tmpdir(), "reliq-sns-kill-")), "state");
  const history: History = { standard: new Set(), groups: new Map() };
  const first = await startRegion({ stateDirectory: state, port: 0 });
  for (const QueueName of QUEUES) {
    const Attributes = QueueName.endsWith(".fifo") ? { FifoQueue: "true" } : {};
    await first.call("sqs", "CreateQueue", { QueueName, Attributes });
  }
  await prepare(first.endpoint);
  await first.stop();
  for (let round = 0; round < ROUNDS; round++) await runUntilKilled(state, history);

  const last = await startRegion({ stateDirectory: state, port: 0 });
  try {
    expect(history.standard.size).toBeGreaterThan(50);
    const lacking = (bodies: string[]) => [...history.standard].filter((each) => !bodies.includes(each));
    for (const queue of ["one", "two"]) {
      await expect.poll(async () => lacking(await bodiesOf(last, queue)), { timeout: 60_000 }).toEqual([]);
    }
    const expected = [...history.groups.values()];
    const inOrder = async () => {
      const bodies = await bodiesOf(last, "ordered.fifo");
      // A publish without an answer may have been accepted too.
      return expected.map((group) => bodies.filter((body) => group.includes(body)));
    };
    await expect.poll(inOrder, { timeout: 60_000 }).toEqual(expected);
    const ordered = await bodiesOf(last, "ordered.fifo");
    expect(new Set(ordered).size).toBe(ordered.length);
  } finally {
    await last.stop();
    rmSync(state, { recursive: true, force: true });
  }
});
