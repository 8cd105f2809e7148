import { resentKey } from "../src/idempotency/resent-key.ts";
import {
  type ConsumePorts,
  type Consumer,
  consume,
  consumer,
  DependencyFailure,
  deadLetters,
  groupHolding,
  isOver,
} from "../src/index.ts";
import { lineageOf, readEnvelope } from "../src/message/envelope.ts";
import { knownPlace } from "../src/model/group-mark.ts";
import { placeBefore } from "../src/quarantine/set-aside-message.ts";
import {
  type GroupMark,
  type RecoverPorts,
  type RecoveryRulesOfQueues,
  recover,
  sweep,
  wake,
} from "../src/recovery/index.ts";
import { type DeadLettered, FIFO_VISIBILITY_MS, FifoQueue } from "./fifo-queue.ts";
import { memoryJournal } from "./memory-journal.ts";
import { memoryQuarantine } from "./memory-quarantine.ts";
import { NEVER } from "./never.ts";
import { QUEUE, type QuarantineFault, recoverPorts, step, type World } from "./quarantine-ports.ts";
import { samplePorts } from "./sample-ports.ts";
import { anyBody } from "./samples.ts";

/** A message of a group, and how its attempts end before one succeeds. */
export interface Trade {
  readonly group: string;
  readonly ends: readonly ("crash" | "throw")[];
  /** After how many rounds it is sent. */
  readonly round: number;
}

export interface QuarantineWorld {
  readonly trades: readonly Trade[];
  readonly faults: readonly QuarantineFault[];
  readonly maxReceives: number;
  readonly failFast: boolean;
  readonly effect: "any" | "transactional";
}

export interface QuarantineEnding {
  /** The numbers of the messages that had their effect, by group, in order. */
  readonly effects: ReadonlyMap<string, readonly number[]>;
  /** Groups of which a message died that nobody could mark before: what its group did then is not what this is about. */
  readonly unmarked: ReadonlySet<string>;
  /** Messages that died after their effect, and whose later receives never came so far that this could be written down. */
  readonly unclaimed: ReadonlySet<number>;
  readonly marks: readonly GroupMark[];
  readonly left: number;
}

/** Runs consumers and recovery over queues in memory, with a fault at each step until the faults are used up, to the end. */
export async function simulateQuarantine(given: QuarantineWorld): Promise<QuarantineEnding> {
  const world: World = {
    nowMs: Date.UTC(2026, 1, 1, 12),
    ids: 0,
    faults: [...given.faults],
    queue: new FifoQueue(QUEUE, given.maxReceives),
    reminders: [],
    quarantine: memoryQuarantine(),
    unmarked: new Set(),
    unclaimed: new Set(),
    effectOf: async (message) => {
      const [claim] = await journal.read([resentKey(QUEUE, lineageOf(message))]);
      if (!(effects.get(message.groupId ?? "") ?? []).includes(Number(message.body))) return "none";
      return claim?.state === "done" ? "claimed" : "unclaimed";
    },
    hasFailed: async ({ queue, messageId }) => (await journal.attempts(queue, messageId)).length > 0,
  };
  const effects = new Map<string, number[]>();
  const perform = (number: number): void => {
    const { group = "" } = given.trades[number] ?? {};
    effects.set(group, [...(effects.get(group) ?? []), number]);
  };
  const journal = memoryJournal(([number]) => perform(Number(number)));
  const subject = consumerOf(given, perform);
  const ports = recoverPorts(world, journal);
  const rules: RecoveryRulesOfQueues = {
    policy: {
      rules: [],
      otherwise: ["heal"],
      maxHeals: 50,
      backoff: { baseSeconds: 60, capSeconds: 60, jitter: "none" },
      budget: { relapses: 10_000, share: 1 },
    },
    repairs: [],
    queues: [QUEUE],
    longestSeconds: () => 3_600,
  };
  let unsent = [...given.trades.entries()];
  const isBusy = async (): Promise<boolean> =>
    unsent.length + world.queue.queued.length + world.queue.dead.length + world.reminders.length > 0 ||
    (await world.quarantine.open(QUEUE)).length > 0;
  for (let round = 0; round < 600 && (await isBusy()); round++) {
    for (const [number, { group }] of unsent.filter(([, trade]) => trade.round <= round)) {
      world.queue.send({ group, body: String(number) }, world.nowMs);
    }
    unsent = unsent.filter(([, trade]) => trade.round > round);
    await Promise.all([deliver(world, subject, journal, given), deliver(world, subject, journal, given)]);
    await process(() => capture(world, rules, ports));
    for (const reminder of world.reminders.filter(({ visibleAtMs }) => visibleAtMs <= world.nowMs)) {
      reminder.visibleAtMs = world.nowMs + FIFO_VISIBILITY_MS;
      await process(async () => {
        await wake(rules, reminder.wakeUp, ports);
        world.reminders.splice(world.reminders.indexOf(reminder), 1);
      });
    }
    if (round % 10 === 9) await process(() => sweep(rules, ports));
    world.nowMs += FIFO_VISIBILITY_MS / 2 + 1;
  }
  const groups = [...new Set(given.trades.map(({ group }) => group))];
  const marks = await world.quarantine.marks(groups.map((group) => ({ queue: QUEUE, group })));
  const left = world.queue.queued.length + world.queue.dead.length + world.reminders.length;
  return {
    effects,
    unmarked: world.unmarked,
    unclaimed: world.unclaimed,
    marks: marks.filter((mark) => mark !== undefined),
    left,
  };
}

function consumerOf(
  { trades, failFast, effect }: QuarantineWorld,
  perform: (number: number) => void,
): Consumer<unknown> {
  const attempts = trades.map(() => 0);
  return consumer({
    name: "trades",
    schema: anyBody,
    onPoison: "hold-group",
    failFast,
    effect,
    concurrency: 2,
    handle: (body) => {
      const number = Number(body);
      const end = trades[number]?.ends[attempts[number] ?? 0];
      attempts[number] = (attempts[number] ?? 0) + 1;
      if (end === "crash") return new Promise(() => {});
      if (end === "throw") throw new DependencyFailure("it is down");
      if (effect === "transactional") return { writes: [number] };
      return perform(number);
    },
  });
}

async function deliver(
  world: World,
  subject: Consumer<unknown>,
  journal: ReturnType<typeof memoryJournal>,
  { maxReceives }: QuarantineWorld,
): Promise<void> {
  const dead = world.queue.dead.length;
  const received = world.queue.receive(3, world.nowMs);
  await noteDead(world, world.queue.dead.slice(dead));
  if (received.length === 0) return;
  const messages = received.map(({ message, receiveCount }) => ({ ...message, receiveCount }));
  const forever = (): Promise<never> => new Promise(() => {});
  const ports: ConsumePorts = samplePorts({
    journal: {
      ...journal,
      claim: (claims) => step(world, () => journal.claim(claims), forever),
      settle: (settlements) => step(world, () => journal.settle(settlements), forever),
      commit: (commit) => step(world, () => journal.commit(commit), forever),
    },
    quarantine: groupHolding({
      marks: (names) => step(world, () => world.quarantine.marks(names), forever),
      commit: (change) => step(world, () => world.quarantine.commit(change), forever),
    }),
    deadLetters: deadLetters(async () => {}),
    visibility: {
      change: async (changes) => {
        for (const { message, afterSeconds } of changes) {
          world.queue.hide(message.messageId, message.receiveCount, world.nowMs + afterSeconds * 1_000);
        }
      },
    },
    now: () => world.nowMs,
    newToken: () => `t-${++world.ids}`,
  });
  const leaseUntilMs = world.nowMs + FIFO_VISIBILITY_MS;
  const delivery = { messages, maxReceiveCount: maxReceives, leaseUntilMs, signal: NEVER, deadline: NEVER };
  const attempted = await Promise.race([consume(subject, delivery, ports), idle()]);
  for (const { message, outcome } of attempted ?? []) {
    if (isOver(outcome)) world.queue.delete(message.messageId, message.receiveCount);
  }
}

/** A killed worker never answers: whatever waits for nothing but it is over. */
async function idle(): Promise<undefined> {
  for (let turn = 0; turn < 600; turn++) await Promise.resolve();
  return undefined;
}

/** A message whose last receive nobody wrote down, neither that it began nor how it ended, or which nobody saw in its place. */
async function noteDead(
  { quarantine, unmarked, unclaimed, effectOf, hasFailed }: World,
  dead: readonly DeadLettered[],
): Promise<void> {
  for (const { original: message } of dead) {
    const { groupId: group = "", queue, sequenceNumber = "" } = message;
    const [mark] = await quarantine.marks([{ queue, group }]);
    const effect = await effectOf(message);
    if (effect === "unclaimed") unclaimed.add(Number(message.body));
    if (effect !== "none") continue;
    const lineage = lineageOf(message);
    const place = readEnvelope(message)?.place ?? sequenceNumber;
    const [aside] = await quarantine.setAside({ queue, group }, placeBefore(place), 1);
    if (aside?.lineage === lineage) continue;
    const waitsFor = mark?.front ?? mark?.suspect;
    const isSeen = mark && (knownPlace(mark, lineage) !== undefined || (await hasFailed(message)));
    if (!waitsFor || !isSeen || (waitsFor.lineage !== lineage && place < waitsFor.place)) unmarked.add(group);
  }
}

/** What a process had in hand when it was killed, or refused, comes back. */
async function process(work: () => Promise<void>): Promise<void> {
  await work().catch(() => undefined);
}

async function capture({ queue, nowMs }: World, rules: RecoveryRulesOfQueues, ports: RecoverPorts): Promise<void> {
  const received = queue.dead.filter(({ visibleAtMs }) => visibleAtMs <= nowMs).slice(0, 3);
  for (const each of received) each.visibleAtMs = nowMs + FIFO_VISIBILITY_MS;
  const letters = received.map(({ message }) => ({ message, queue: QUEUE }));
  const ends = await recover(rules, letters, ports);
  for (const [index, letter] of received.entries()) {
    if (ends[index]?.kind !== "again") queue.dead.splice(queue.dead.indexOf(letter), 1);
  }
}
