import type { Journal, JournalEntry } from "../src/index.ts";
import { type ContractCase, same } from "./contract-case.ts";

const DAY_MS = 86_400_000;

/** An entry for tests; `changes` say what matters to the test. */
export function sampleEntry(changes: Partial<JournalEntry> = {}): JournalEntry {
  return {
    queue: "orders",
    messageId: "m-1",
    receiveCount: 1,
    consumer: "orders",
    sentAtMs: Date.UTC(2026, 0, 31, 23, 59, 58),
    failedAtMs: Date.UTC(2026, 0, 31, 23, 59, 59),
    final: false,
    reason: {
      category: "validation",
      errorName: "ValidationFailure",
      message: "storeId: is missing",
      stack: "ValidationFailure: storeId: is missing\n    at handle (index.mjs:1:1)",
      retryable: false,
      severity: "error",
    },
    ...changes,
  };
}

/** The rules of the Journal port: run each against every adapter. */
export const JOURNAL_CONTRACT: readonly ContractCase<Journal>[] = [
  {
    behaviour: "gives back an entry as it was recorded, empty and unusual texts included",
    check: async (journal, { unique, nowMs }) => {
      const { reason } = sampleEntry();
      const entry = sampleEntry({
        queue: unique,
        failedAtMs: nowMs,
        requestId: "r-1",
        final: true,
        reason: { ...reason, stack: "", message: '\u0000 "\\" 🦆 名前' },
      });
      await record(journal, [entry]);
      same(await journal.attempts(unique, "m-1"), [entry]);
    },
  },
  {
    behaviour: "keeps one entry when the same attempt is recorded twice, also at once and in one call",
    check: async (journal, { unique, nowMs }) => {
      const entry = sampleEntry({ queue: unique, failedAtMs: nowMs });
      await Promise.all([record(journal, [entry]), record(journal, [entry, entry])]);
      await record(journal, [entry]);
      same(await journal.attempts(unique, "m-1"), [entry]);
      same((await journal.failures(unique, day(nowMs))).entries, [entry]);
    },
  },
  {
    behaviour: "lists the attempts of one message in order, and of no other",
    check: async (journal, { unique, nowMs }) => {
      const attempts = [1, 2, 10].map((receiveCount) =>
        sampleEntry({ queue: unique, failedAtMs: nowMs, receiveCount }),
      );
      await record(journal, [...attempts].reverse());
      await record(journal, [
        sampleEntry({ queue: unique, failedAtMs: nowMs, messageId: "m-10" }),
        sampleEntry({ queue: `${unique}-2`, failedAtMs: nowMs }),
      ]);
      same(await journal.attempts(unique, "m-1"), attempts);
      same(await journal.attempts(unique, "m-2"), []);
    },
  },
  {
    behaviour: "lists a day's failures newest first, in pages, without the next day's",
    check: async (journal, { unique, nowMs }) => {
      const yesterday = nowMs - DAY_MS - (nowMs % DAY_MS);
      const ofDay = Array.from({ length: 60 }, (_, index) =>
        sampleEntry({ queue: unique, messageId: `m-${index}`, failedAtMs: yesterday + index * 1_000 }),
      );
      await record(journal, [
        ...ofDay,
        sampleEntry({ queue: unique, messageId: "late", failedAtMs: yesterday + DAY_MS }),
      ]);
      same(await allFailures(journal, unique, day(yesterday), 25), ofDay.toReversed());
      same(await allFailures(journal, unique, day(yesterday), 60), ofDay.toReversed());
      same((await journal.failures(unique, day(yesterday - DAY_MS))).entries, []);
    },
  },
];

async function allFailures(journal: Journal, queue: string, ofDay: string, limit: number): Promise<JournalEntry[]> {
  const entries: JournalEntry[] = [];
  let after: string | undefined;
  do {
    const page = await journal.failures(queue, ofDay, { limit, ...(after !== undefined && { after }) });
    if (page.entries.length > limit) throw new Error(`a page of ${page.entries.length}, over its limit of ${limit}`);
    entries.push(...page.entries);
    after = page.next;
  } while (after !== undefined);
  return entries;
}

async function record(journal: Journal, entries: readonly JournalEntry[]): Promise<void> {
  const settled = await journal.settle(entries.map((entry) => ({ kind: "journal", entry })));
  same(
    settled,
    entries.map(() => ({ kind: "done" })),
  );
}

function day(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}
