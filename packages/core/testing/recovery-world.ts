import { consume } from "../src/consume.ts";
import { type Consumer, consumer } from "../src/consumer.ts";
import { BadPayloadFailure, DependencyFailure } from "../src/errors.ts";
import { ENVELOPE_ATTRIBUTE, envelopeAttribute } from "../src/message/envelope.ts";
import { isOver } from "../src/message/outcome.ts";
import type { ReceivedMessage } from "../src/message/received-message.ts";
import type { Journal } from "../src/ports.ts";
import {
  type Alert,
  type ArchivedMessage,
  type ArchivePlace,
  type FailureStore,
  type Policy,
  type RecoverPorts,
  type RecoveryRulesOfQueues,
  type ResentMessage,
  type RunOptions,
  recover,
  startRedrive,
  sweep,
  type WakeUp,
  wake,
} from "../src/recovery/index.ts";
import { memoryFailureStore } from "./memory-failure-store.ts";
import { memoryJournal } from "./memory-journal.ts";
import { memoryQuarantine } from "./memory-quarantine.ts";
import { NEVER } from "./never.ts";
import { samplePorts } from "./sample-ports.ts";
import { anyBody } from "./samples.ts";

/** What can happen at a step of recovery: nothing, or its process is killed before the step or after it. */
export type RecoveryFault = "kill-after" | "kill-before" | "none";

/** How a message fares: its handler throws so many times, for a reason that a heal can wait out, or one that it cannot. */
export interface Fate {
  readonly failures: number;
  readonly kind: "bad-payload" | "dependency";
}

export interface RecoveryWorld {
  readonly fates: readonly Fate[];
  readonly faults: readonly RecoveryFault[];
  readonly policy: Policy;
  /** How a person redrives what is held, over and over, until nothing is. @default nobody does */
  readonly redrive?: Partial<RunOptions>;
}

/** What the world looks like at its end. */
export interface RecoveryEnding {
  /** How often each message's effect happened. */
  readonly effects: readonly number[];
  readonly store: FailureStore;
  readonly archived: ReadonlyMap<string, ArchivedMessage>;
  readonly alerts: readonly Alert[];
  readonly kills: number;
  /** Messages that are still on a queue, and reminders. */
  readonly left: number;
}

const MAX_RECEIVES = 2;
const VISIBILITY_MS = 30_000;
/** A reminder stays hidden for longer than a run ever waits. */
const REMINDER_HIDDEN_MS = 120_000;
const MOST_ROUNDS = 800;

interface Queued<T> {
  readonly id: string;
  readonly value: T;
  visibleAtMs: number;
  receiveCount: number;
}

/** A process that was killed does nothing more. */
class Killed extends Error {
  override readonly name = "Killed";
}

/** What the simulated services hold. */
interface Services {
  nowMs: number;
  ids: number;
  kills: number;
  readonly faults: RecoveryFault[];
  readonly queue: Queued<ReceivedMessage>[];
  readonly dead: Queued<ReceivedMessage>[];
  readonly reminders: Queued<WakeUp>[];
  readonly archived: Map<string, ArchivedMessage>;
  readonly alerts: Alert[];
  readonly journal: Journal;
}

/** Runs consumer and recovery over queues in memory, with a kill of recovery at each step until the faults are used up, to the end. */
export async function simulateRecovery({ fates, faults, policy, redrive }: RecoveryWorld): Promise<RecoveryEnding> {
  const beganMs = Date.UTC(2026, 1, 1, 12);
  const services: Services = {
    nowMs: beganMs,
    ids: 0,
    kills: 0,
    faults: [...faults],
    queue: fates.map((_, number) => queued(`m-${number}`, message(number, beganMs), beganMs)),
    dead: [],
    reminders: [],
    archived: new Map(),
    alerts: [],
    journal: memoryJournal(),
  };
  const { queue, dead, reminders, archived, alerts } = services;
  const store = memoryFailureStore({ now: () => services.nowMs });
  const ports = portsOf(services, store);
  const rules: RecoveryRulesOfQueues = { policy, repairs: [], queues: ["orders"], longestSeconds: () => 3_600 };
  const effects = fates.map(() => 0);
  const orders = consumerOf(fates, effects);
  const isHeld = async (): Promise<boolean> =>
    redrive !== undefined && (await store.totals()).some(({ states }) => states.held > 0);
  const isLeft = async (): Promise<boolean> => queue.length + dead.length + reminders.length > 0 || (await isHeld());
  for (let round = 0; round < MOST_ROUNDS && (await isLeft()); round++) {
    await consumeAll(orders, services);
    await process(() => captureAll(rules, services, ports));
    if (redrive && (await isHeld())) await process(() => redriveHeld(redrive, ports));
    for (const reminder of receive(reminders, services.nowMs, REMINDER_HIDDEN_MS)) {
      await process(async () => {
        await wake(rules, reminder.value, ports);
        remove(reminders, reminder);
      });
    }
    if (round % 10 === 9) await process(() => sweep(rules, ports));
    services.nowMs += VISIBILITY_MS + 1;
  }
  const left = queue.length + dead.length + reminders.length;
  return { effects, store, archived, alerts, kills: services.kills, left };
}

/** Starts a redrive, unless the queue has one that goes on. */
async function redriveHeld(options: Partial<RunOptions>, ports: RecoverPorts): Promise<void> {
  if ((await ports.store.queueRun("orders"))?.run === undefined) {
    await startRedrive({ queue: "orders" }, options, "ann", ports);
  }
}

function portsOf(services: Services, store: FailureStore): RecoverPorts {
  const { journal, archived, alerts, queue, reminders } = services;
  const step = async <T>(work: () => Promise<T> | T): Promise<T> => {
    const fault = services.faults.shift() ?? "none";
    if (fault !== "none") services.kills++;
    if (fault === "kill-before") throw new Killed();
    const result = await work();
    if (fault === "kill-after") throw new Killed();
    return result;
  };
  const newId = (prefix: string): string => `${prefix}-${++services.ids}`;
  return {
    journal: {
      ...journal,
      attempts: (name, id) => step(() => journal.attempts(name, id)),
      read: (keys) => step(() => journal.read(keys)),
    },
    store: {
      ...store,
      commit: (change) => step(() => store.commit(change)),
      failures: (ids) => step(() => store.failures(ids)),
      run: (id) => step(() => store.run(id)),
    },
    quarantine: memoryQuarantine(),
    archive: {
      put: (each) => step(() => archivePlace(archived, each)),
      get: async ({ key }) => archived.get(key) as ArchivedMessage,
      putBody: async (key) => ({ bucket: "archive", key }),
      getBody: async () => "",
    },
    resend: {
      send: (messages) => step(() => messages.map((each) => sendTo(queue, each, newId("r"), services.nowMs))),
      release: async () => ({ sent: [] }),
    },
    wakeUps: {
      add: (wakeUps) =>
        step(() => {
          for (const { wakeUp, afterSeconds } of wakeUps) {
            reminders.push(queued(newId("w"), wakeUp, services.nowMs + afterSeconds * 1_000));
          }
        }),
    },
    alerts: { send: (alert) => step(() => void alerts.push(alert)) },
    log: () => {},
    now: () => services.nowMs,
    random: () => 0.5,
    newId: () => newId("id"),
  };
}

function archivePlace(archived: Map<string, ArchivedMessage>, each: ArchivedMessage): ArchivePlace {
  const key = `${each.failure.id}/${each.failure.deaths}`;
  archived.set(key, each);
  return { bucket: "archive", key, contentHash: "" };
}

function sendTo(
  queue: Queued<ReceivedMessage>[],
  { failure, body, envelope }: ResentMessage,
  messageId: string,
  nowMs: number,
): { readonly messageId: string } {
  const attributes = { ...failure.attributes, [ENVELOPE_ATTRIBUTE]: envelopeAttribute(envelope) };
  const sent = { messageId, queue: failure.queue, body, attributes, receiveCount: 1, sentAtMs: nowMs };
  queue.push(queued(messageId, sent, nowMs));
  return { messageId };
}

/** One process that can be killed: what it had in hand comes back. */
async function process(work: () => Promise<void>): Promise<void> {
  await work().catch((error: unknown) => {
    if (!(error instanceof Killed)) throw error;
  });
}

async function consumeAll(orders: Consumer<unknown>, services: Services): Promise<void> {
  const { queue, dead, nowMs, journal } = services;
  for (const each of receive(queue, nowMs)) {
    if (each.receiveCount > MAX_RECEIVES) {
      remove(queue, each);
      dead.push(queued(each.id, each.value, nowMs));
      continue;
    }
    const delivery = {
      messages: [{ ...each.value, receiveCount: each.receiveCount }],
      maxReceiveCount: MAX_RECEIVES,
      leaseUntilMs: nowMs + VISIBILITY_MS,
      signal: NEVER,
      deadline: NEVER,
    };
    const ports = samplePorts({ journal, now: () => nowMs, newToken: () => `t-${++services.ids}` });
    const [end] = await consume(orders, delivery, ports);
    if (end && isOver(end.outcome)) remove(queue, each);
  }
}

async function captureAll(rules: RecoveryRulesOfQueues, { dead, nowMs }: Services, ports: RecoverPorts): Promise<void> {
  const received = receive(dead, nowMs);
  const letters = received.map(({ value }) => ({ message: value, queue: "orders", maxReceiveCount: MAX_RECEIVES }));
  const ends = await recover(rules, letters, ports);
  for (const [index, letter] of received.entries()) if (ends[index]?.kind !== "again") remove(dead, letter);
}

/** Its effect is a count, and comes last. */
function consumerOf(fates: readonly Fate[], effects: number[]): Consumer<unknown> {
  const attempts = fates.map(() => 0);
  return consumer({
    name: "orders",
    schema: anyBody,
    handle: (body) => {
      const number = Number(body);
      const { failures = 0, kind = "dependency" } = fates[number] ?? {};
      attempts[number] = (attempts[number] ?? 0) + 1;
      if (attempts[number] <= failures) {
        throw kind === "dependency" ? new DependencyFailure("it is down") : new BadPayloadFailure("it is broken");
      }
      effects[number] = (effects[number] ?? 0) + 1;
    },
  });
}

function message(number: number, sentAtMs: number): ReceivedMessage {
  return { messageId: `m-${number}`, queue: "orders", body: String(number), attributes: {}, receiveCount: 1, sentAtMs };
}

function queued<T>(id: string, value: T, visibleAtMs: number): Queued<T> {
  return { id, value, visibleAtMs, receiveCount: 0 };
}

function receive<T>(queue: Queued<T>[], nowMs: number, hiddenMs: number = VISIBILITY_MS): readonly Queued<T>[] {
  const received = queue.filter(({ visibleAtMs }) => visibleAtMs <= nowMs).slice(0, 10);
  for (const each of received) {
    each.visibleAtMs = nowMs + hiddenMs;
    each.receiveCount++;
  }
  return received;
}

function remove<T>(queue: Queued<T>[], each: Queued<T>): void {
  const index = queue.indexOf(each);
  if (index >= 0) queue.splice(index, 1);
}
