import { expect, test } from "vitest";
import { memoryFailureStore } from "../../testing/memory-failure-store.ts";
import { memoryJournal } from "../../testing/memory-journal.ts";
import { memoryQuarantine } from "../../testing/memory-quarantine.ts";
import type { LogLine } from "../ports.ts";
import { type QueueCounts, sumCounts } from "./account.ts";
import { checkAccount } from "./check-account.ts";
import type { Ledger } from "./ledger.ts";
import { SETTLED_MS } from "./metered.ts";

const EMPTY = sumCounts([]);
const PORTS = { journal: memoryJournal(), quarantine: memoryQuarantine(), now: () => 0 };

async function check(queue: Partial<QueueCounts>, dead: Partial<QueueCounts> = {}): Promise<readonly LogLine[]> {
  const lines: LogLine[] = [];
  const counted = {
    queues: [{ name: "orders", counts: { ...EMPTY, ...queue } }],
    deadLetterQueue: { ...EMPTY, ...dead },
  };
  const store = memoryFailureStore({ now: () => 0 });
  await checkAccount({ ...PORTS, counts: async () => [counted], store, log: (line) => lines.push(line) });
  return lines;
}

test("a queue at rest that lost a message is logged, with its account", async () => {
  const account = expect.objectContaining({ accepted: 3, processed: 2, difference: 1 });
  expect(await check({ accepted: 3, deleted: 2 })).toEqual([
    { level: "error", event: "account-unbalanced", queue: "orders", wrong: "1 missing", account },
  ]);
});

test("the messages that ended without their consumers are named with it, where the host knows them", async () => {
  const lines: LogLine[] = [];
  const ended = { messageId: "m-7", queue: "orders", lineage: "m-7", kind: "deleted", endedAtMs: 1 } as const;
  const queues = [{ name: "orders", counts: { ...EMPTY, accepted: 2, deleted: 1 } }];
  const counts = async () => [{ queues, deadLetterQueue: EMPTY, ends: async () => [ended] }];
  await checkAccount({
    ...PORTS,
    counts,
    store: memoryFailureStore({ now: () => 0 }),
    log: (line) => lines.push(line),
  });
  expect(lines).toMatchObject([{ messages: [{ place: "deletedByHand", ids: ["m-7"], more: 0 }] }]);
});

test("what its producer entered and nobody processed or keeps is named too", async () => {
  const lines: LogLine[] = [];
  const messages = [{ lineage: "l-1", messageId: "m-1" }, { lineage: "l-2" }];
  const ledger = { messages: async () => ({ messages, more: false }) };
  const counts = async () => [
    { queues: [{ name: "orders", counts: { ...EMPTY, accepted: 1 } }], deadLetterQueue: EMPTY },
  ];
  const store = memoryFailureStore({ now: () => 0 });
  await checkAccount({ ...PORTS, ledger, counts, store, log: (line) => lines.push(line) });
  expect(lines).toMatchObject([{ wrong: "1 missing", messages: [{ place: "unaccounted", ids: ["m-1"], more: 0 }] }]);
});

test("a queue that balances, or whose messages still move, is not logged", async () => {
  expect(await check({ accepted: 3, deleted: 3 })).toEqual([]);
  expect(await check({ accepted: 3, deleted: 1, waiting: 1 })).toEqual([]);
});

test("counts of metrics are judged by what is settled of them, and the line says what is approximate", async () => {
  const counts = { ...EMPTY, accepted: 9, deleted: 4 };
  const lines: LogLine[] = [];
  const judge = async (missing: number): Promise<void> => {
    const meters = { sinceMs: 0, lately: { fromMs: 0, toMs: 1, sent: 9, missing } };
    const counted = [{ queues: [{ name: "orders", counts }], deadLetterQueue: EMPTY, meters }];
    const store = memoryFailureStore({ now: () => 0 });
    await checkAccount({ ...PORTS, counts: async () => counted, store, log: (line) => lines.push(line) });
  };
  await judge(0);
  await judge(-2);
  expect(lines).toEqual([]);
  await judge(5);
  const approximate = expect.arrayContaining(["accepted", "processed"]);
  expect(lines).toMatchObject([{ event: "account-unbalanced", wrong: "5 missing by metrics", approximate }]);
});

test("where counts are those of metrics, the ledger names what is nowhere of a queue at rest, and nothing that was sent just now", async () => {
  const lines: LogLine[] = [];
  const asked: number[] = [];
  const ledger: Ledger = {
    messages: async (_, __, toMs) => {
      asked.push(toMs);
      return { messages: [{ lineage: "l-1", messageId: "m-1" }], more: false };
    },
  };
  const check = async (waiting: number): Promise<void> => {
    const queues = [{ name: "orders", counts: { ...EMPTY, accepted: 1, waiting } }];
    const counts = async () => [{ queues, deadLetterQueue: EMPTY, meters: { sinceMs: 0 } }];
    const store = memoryFailureStore({ now: () => 0 });
    const now = (): number => SETTLED_MS + 7;
    await checkAccount({ ...PORTS, now, ledger, counts, store, log: (line) => lines.push(line) });
  };
  await check(1);
  expect(lines).toEqual([]);
  await check(0);
  const messages = [{ place: "unaccounted", ids: ["m-1"], more: 0 }];
  expect(lines).toMatchObject([{ wrong: "1 missing by the ledger", messages }]);
  expect(asked).toEqual([7]);
});

test("counts that cannot be read are logged, and fail nothing", async () => {
  const lines: LogLine[] = [];
  const counts = (): Promise<never> => Promise.reject(new Error("down"));
  await checkAccount({
    ...PORTS,
    counts,
    store: memoryFailureStore({ now: () => 0 }),
    log: (line) => lines.push(line),
  });
  expect(lines).toMatchObject([{ level: "warn", event: "account-unavailable" }]);
});
