import fc from "fast-check";
import { expect, test } from "vitest";
import { anyBody, memoryJournal, sampleMessage, samplePorts } from "../../testing/index.ts";
import { NEVER } from "../../testing/never.ts";
import { type CauseOfDeath, causeOfDeath, type FunctionReport } from "../classify/cause-of-death.ts";
import { consume } from "../consume.ts";
import { type Consumer, consumer } from "../consumer.ts";
import { isOver } from "../message/outcome.ts";
import type { ReceivedMessage } from "../message/received-message.ts";

/** What the handler, or the host of the whole batch, does at one receive of a message. */
type Deed = "succeed" | "throttle" | "throw" | "time-out";

interface Life {
  readonly message: ReceivedMessage;
  /** By receive, and over again. */
  readonly deeds: readonly Deed[];
  readonly reports: FunctionReport[];
  receiveCount: number;
  /** What became of its last receive, as the world knows it. */
  truth?: CauseOfDeath;
  diedAtMs?: number;
}

interface World {
  readonly maxReceiveCount: number;
  readonly messages: readonly { readonly group: string; readonly deeds: readonly Deed[] }[];
}

const VISIBILITY_MS = 30_000;

const attemptOf = (messageId: string, receiveCount: number): string => `${messageId} ${receiveCount}`;

/** Runs messages of a FIFO queue through the real spine until each is processed or dead; gives back the dead. */
async function runToTheEnd({ maxReceiveCount, messages }: World): Promise<readonly (Life & { cause: CauseOfDeath })[]> {
  const journal = memoryJournal();
  let nowMs = 1_000_000;
  const lives = messages.map(({ group, deeds }, index): Life => {
    const sequence = { groupId: group, sequenceNumber: String(index).padStart(20, "0") };
    return {
      message: sampleMessage({ messageId: `m-${index}`, body: String(index), ...sequence }),
      deeds,
      reports: [],
      receiveCount: 0,
    };
  });
  const deedOf = ({ deeds, receiveCount }: Life): Deed => deeds[(receiveCount - 1) % deeds.length] ?? "succeed";
  /** Attempts that were made, also of batches that their host has ended since. */
  const called = new Set<string>();
  let hung = Promise.withResolvers<undefined>();
  const orders: Consumer<unknown> = consumer({
    name: "orders",
    schema: anyBody,
    handle: async (body, { receiveCount }) => {
      const life = lives[Number(body)] as Life;
      // Its host has ended its batch: nothing of it goes on, least of all into the batch that has the message now.
      if (receiveCount < life.receiveCount) await new Promise(() => {});
      called.add(attemptOf(life.message.messageId, receiveCount));
      if (deedOf(life) === "time-out") {
        hung.resolve(undefined);
        await new Promise(() => {});
      }
      if (deedOf(life) === "throw") throw new Error("boom");
    },
  });
  const report = (batch: readonly Life[], outcome: FunctionReport["outcome"]): void => {
    for (const { reports } of batch) reports.push({ outcome, startedAtMs: nowMs, endedAtMs: nowMs + 1_000 });
  };
  const ended = (batch: readonly Life[], truth: CauseOfDeath, outcome: FunctionReport["outcome"]): void => {
    for (const life of batch) life.truth = truth;
    report(batch, outcome);
  };
  const deliver = async (batch: readonly Life[]): Promise<readonly Life[]> => {
    if (batch.some((life) => deedOf(life) === "throttle")) {
      ended(batch, "throttled-never-ran", "throttled");
      return batch;
    }
    hung = Promise.withResolvers();
    const received = batch.map(({ message, receiveCount }) => ({ ...message, receiveCount }));
    const delivery = { messages: received, maxReceiveCount, signal: NEVER, deadline: NEVER, leaseUntilMs: nowMs };
    const work = consume(orders, delivery, samplePorts({ journal, now: () => nowMs }));
    // The host ends a batch of which one handler hangs: it never answers.
    const attempted = await Promise.race([work, hung.promise]);
    if (!attempted) {
      ended(batch, "timed-out", "timeout");
      return batch;
    }
    const left = batch.filter((_, index) => !isOver(attempted[index]!.outcome));
    for (const life of left) {
      const attempted = called.has(attemptOf(life.message.messageId, life.receiveCount));
      life.truth = attempted ? "threw" : "skipped-behind-sibling";
    }
    report(left, "success");
    return left;
  };
  const dead: Life[] = [];
  for (let queue: readonly Life[] = lives; queue.length > 0; nowMs += VISIBILITY_MS + 1) {
    const dying = queue.filter(({ receiveCount }) => receiveCount >= maxReceiveCount);
    for (const life of dying) life.diedAtMs = nowMs;
    dead.push(...dying);
    const alive = queue.filter((life) => !dying.includes(life));
    const batch = alive.slice(0, 4);
    for (const life of batch) life.receiveCount++;
    queue = [...(batch.length > 0 ? await deliver(batch) : []), ...alive.slice(4)];
  }
  return Promise.all(
    dead.map(async (life) => {
      const { message, reports, receiveCount, diedAtMs } = life;
      const attempts = await journal.attempts(message.queue, message.messageId);
      const found = causeOfDeath({ attempts, reports, receiveCount, maxReceiveCount, diedAtMs });
      return { ...life, cause: found.cause };
    }),
  );
}

const worlds: fc.Arbitrary<World> = fc.record({
  maxReceiveCount: fc.integer({ min: 1, max: 3 }),
  messages: fc.array(
    fc.record({
      group: fc.constantFrom("a", "b"),
      deeds: fc.array(fc.constantFrom<Deed>("succeed", "throw", "throw", "time-out", "throttle"), {
        minLength: 1,
        maxLength: 3,
      }),
    }),
    { minLength: 1, maxLength: 6 },
  ),
});

/** Compares what is found of each dead message with what became of it; gives back the causes. */
async function compare(world: World): Promise<readonly CauseOfDeath[]> {
  const dead = await runToTheEnd(world);
  expect(dead.map(({ cause }) => cause)).toEqual(dead.map(({ truth }) => truth));
  return dead.map(({ cause }) => cause);
}

test("whatever its receives met, a dead message's cause is what became of its last one", async () => {
  const seen = new Set<CauseOfDeath>();
  await fc.assert(
    fc.asyncProperty(worlds, async (world) => {
      for (const cause of await compare(world)) seen.add(cause);
    }),
    { numRuns: 400 },
  );
  expect([...seen].sort()).toEqual(["skipped-behind-sibling", "threw", "throttled-never-ran", "timed-out"]);
});

test("what a host has ended does not go on into the batch that has its messages next", async () => {
  const messages: World["messages"] = [
    { group: "b", deeds: ["succeed", "succeed", "throw"] },
    { group: "a", deeds: ["succeed", "time-out"] },
    { group: "b", deeds: ["time-out"] },
    { group: "a", deeds: ["succeed"] },
    { group: "a", deeds: ["succeed"] },
  ];
  expect(await compare({ maxReceiveCount: 3, messages })).toEqual(["threw", "skipped-behind-sibling"]);
});
