import { resentKey } from "../src/idempotency/resent-key.ts";
import type { Claim } from "../src/model/claim-item.ts";
import type { Journal } from "../src/ports.ts";
import {
  type ArchivedMessage,
  type FailedMessage,
  type FailureStore,
  groupId,
  type RecoverPorts,
  type Repair,
  type ResentMessage,
  sweep,
  type WakeUp,
  wake,
} from "../src/recovery/index.ts";
import { sampleAudit, sampleCount } from "./failure-samples.ts";
import { memoryFailureStore } from "./memory-failure-store.ts";
import { memoryJournal } from "./memory-journal.ts";
import { memoryQuarantine } from "./memory-quarantine.ts";

/** What can happen at a port call of recovery: nothing, a kill before or after it, or SQS not taking what is sent. */
export type RedriveFault = "kill-after" | "kill-before" | "none" | "unsent";

/** How a message fares when it is sent again. */
export type Fate = "dies" | "dies-of-something-else" | "processed";

/** A store with failed messages, a queue that takes what is sent again, and recovery's own wake-ups. */
export interface RedriveWorld {
  readonly ports: RecoverPorts;
  readonly store: FailureStore;
  readonly archived: Map<string, ArchivedMessage>;
  /** All that was sent, in order, copies included. */
  readonly sent: ResentMessage[];
  /** Effects by failure: a consumer that claims by lineage has one. */
  readonly effects: Map<string, number>;
  /** The faults of the next port calls. */
  readonly faults: RedriveFault[];
  readonly put: (failures: readonly FailedMessage[]) => Promise<void>;
  /** Lets time pass, messages be handled and wake-ups be delivered, some of them twice, until there is nothing left to do. */
  readonly settle: (seconds?: number) => Promise<void>;
  /** Lets enough time pass that what was left undone is overdue, and looks for it. */
  readonly sweep: () => Promise<void>;
  /** Does what a person does, over and over while it is killed; gives back its last answer. */
  readonly insist: <T>(deed: () => Promise<T>) => Promise<T>;
}

/** After so long a run that did not go on is taken for forgotten, ms. */
const OVERDUE_MS = 1_000_000;
/** How long a wake-up stays hidden, ms: longer than a run ever waits. */
const HIDDEN_MS = 120_000;

const RULES = { policy: { rules: [] }, queues: ["orders.fifo"], longestSeconds: () => 3_600 };

class Killed extends Error {}

interface Reminder {
  readonly wakeUp: WakeUp;
  visibleAtMs: number;
}

/** Makes a world; `fateOf` says how each message fares, `copies` delivers every wake-up twice, both at once; `repairs` are registered. */
export function redriveWorld(
  fateOf: (failure: string) => Fate,
  { copies = false, repairs = [] }: { readonly copies?: boolean; readonly repairs?: readonly Repair[] } = {},
): RedriveWorld {
  let nowMs = Date.UTC(2026, 1, 1, 12);
  let ids = 0;
  const now = (): number => nowMs;
  const store = memoryFailureStore({ now });
  const journal = memoryJournal();
  const [sent, faults, reminders]: [ResentMessage[], RedriveFault[], Reminder[]] = [[], [], []];
  const waiting: ResentMessage[] = [];
  const [effects, archived] = [new Map<string, number>(), new Map<string, ArchivedMessage>()];
  const step = <T>(work: () => Promise<T> | T): Promise<T> => withFault(faults.shift() ?? "none", work);
  const ports: RecoverPorts = {
    journal: { ...journal, read: (keys) => step(() => journal.read(keys)) },
    store: {
      ...store,
      commit: (change) => step(() => store.commit(change)),
      failures: (each) => step(() => store.failures(each)),
      run: (id) => step(() => store.run(id)),
    },
    quarantine: memoryQuarantine(),
    archive: archiveOf(archived),
    resend: {
      send: (messages) =>
        step(() => {
          if (faults[0] === "unsent") return messages.map(() => ({ error: new Error(String(faults.shift())) }));
          sent.push(...messages);
          waiting.push(...messages);
          return messages.map(() => ({ messageId: `r-${++ids}` }));
        }),
      release: async () => ({ sent: [] }),
    },
    wakeUps: {
      add: (added) =>
        step(() => {
          for (const { wakeUp, afterSeconds } of added) {
            for (let copy = 0; copy < (copies ? 2 : 1); copy++) {
              if (reminders.length < 200) reminders.push({ wakeUp, visibleAtMs: nowMs + afterSeconds * 1_000 });
            }
          }
        }),
    },
    alerts: { send: async () => {} },
    log: () => {},
    now,
    random: () => 0.5,
    newId: () => `run-${++ids}`,
  };
  const consumer = { fateOf, effects, journal, store, now };
  const deliver = async (reminder: Reminder): Promise<void> => {
    try {
      await wake({ ...RULES, repairs }, reminder.wakeUp, ports);
      reminders.splice(reminders.indexOf(reminder), 1);
    } catch (error) {
      if (!(error instanceof Killed) && (error as { retryable?: boolean }).retryable !== true) throw error;
    }
  };
  return {
    ports,
    store,
    archived,
    sent,
    effects,
    faults,
    put: async (failures) => {
      for (const after of failures) {
        const { queue, reason } = after;
        const { fingerprint, category, severity, errorName, message } = reason;
        const first = { queue, fingerprint, category, severity, errorName, message };
        const counts = [sampleCount(queue, { group: groupId(queue, fingerprint), first })];
        const audit = sampleAudit({ chain: queue });
        await store.commit({ failures: [{ before: undefined, after }], counts, audit });
      }
    },
    settle: async (seconds = 20_000) => {
      const endMs = nowMs + seconds * 1_000;
      while (nowMs < endMs && reminders.length + waiting.length > 0) {
        for (const message of waiting.splice(0)) await consumeOnce(message, consumer);
        const due = reminders.filter(({ visibleAtMs }) => visibleAtMs <= nowMs);
        for (const each of due) each.visibleAtMs = nowMs + HIDDEN_MS;
        await Promise.all(due.map(deliver));
        nowMs += 1_000;
      }
    },
    sweep: async () => {
      nowMs += OVERDUE_MS;
      await insist(() => sweep({ ...RULES, repairs }, ports));
    },
    insist,
  };
}

async function withFault<T>(fault: RedriveFault, work: () => Promise<T> | T): Promise<T> {
  if (fault === "kill-before") throw new Killed();
  const result = await work();
  if (fault === "kill-after") throw new Killed();
  return result;
}

async function insist<T>(deed: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await deed();
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
    }
  }
}

function archiveOf(archived: ReadonlyMap<string, ArchivedMessage>): RecoverPorts["archive"] {
  return {
    put: async ({ failure: { id } }) => ({ bucket: "archive", key: id, contentHash: "" }),
    get: async ({ key }) => {
      const found = archived.get(key);
      if (!found) throw new Error("the archived object is damaged");
      return found;
    },
    putBody: async (key) => ({ bucket: "archive", key }),
    getBody: async () => "{}",
  };
}

interface WorldConsumer {
  readonly fateOf: (failure: string) => Fate;
  readonly effects: Map<string, number>;
  readonly journal: Journal;
  readonly store: FailureStore;
  readonly now: () => number;
}

/** Handles a message as its fate says: one effect a lineage, and a death for which the store holds it again. */
async function consumeOnce(
  { failure: { id, queue, lineage }, envelope }: ResentMessage,
  { fateOf, effects, journal, store, now }: WorldConsumer,
): Promise<void> {
  const key = resentKey(queue, lineage);
  if ((await journal.read([key]))[0]?.state === "done") return;
  if (fateOf(id) === "processed") {
    effects.set(id, (effects.get(id) ?? 0) + 1);
    await journal.settle([{ kind: "mark", claim: doneClaim(key, now()) }]);
    return;
  }
  const [before] = await store.failures([id]);
  // A late copy of a death that is known.
  if (before?.state !== "requeued" || envelope.sends !== before.sends) return;
  const fingerprint = fateOf(id) === "dies" ? before.reason.fingerprint : "1:something-else";
  const failures = [{ before, after: deadAgain(before, fingerprint, now()) }];
  await store.commit({ failures, audit: sampleAudit({ chain: queue }) });
}

function doneClaim(key: string, nowMs: number): Claim {
  const claim = { key, token: key, messageId: key, receiveCount: 1, payloadHash: "", nowMs };
  return { ...claim, leaseUntilMs: nowMs, ttlMs: 604_800_000 };
}

function deadAgain(before: FailedMessage, fingerprint: string, nowMs: number): FailedMessage {
  return {
    ...before,
    state: "held",
    version: before.version + 1,
    deaths: before.deaths + 1,
    diedAtMs: nowMs,
    updatedAtMs: nowMs,
    reason: { ...before.reason, fingerprint },
  };
}
