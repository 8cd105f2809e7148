import type { Journal, JournalEntry } from "../src/index.ts";

/** One rule that every journal keeps, whatever it is built on. */
export interface ContractCase<Port> {
  readonly behaviour: string;
  /** Throws where the port breaks the rule. */
  readonly check: (port: Port, unique: string) => Promise<void>;
}

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
      fingerprint: "1:00000000deadbeef",
    },
    ...changes,
  };
}

/** The rules of the Journal port: run each against every adapter, each with a `unique` text of its own as queue name. */
export const JOURNAL_CONTRACT: readonly ContractCase<Journal>[] = [
  {
    behaviour: "gives back an entry as it was recorded",
    check: async (journal, unique) => {
      const entry = sampleEntry({ queue: unique, requestId: "r-1", final: true });
      await journal.record([entry]);
      same(await journal.attempts(unique, "m-1"), [entry]);
    },
  },
  {
    behaviour: "keeps one entry when the same attempt is recorded twice, also at once",
    check: async (journal, unique) => {
      const entry = sampleEntry({ queue: unique });
      await Promise.all([journal.record([entry]), journal.record([entry])]);
      await journal.record([entry]);
      same(await journal.attempts(unique, "m-1"), [entry]);
    },
  },
  {
    behaviour: "lists the attempts of one message in order, and of no other",
    check: async (journal, unique) => {
      const attempts = [1, 2, 10].map((receiveCount) => sampleEntry({ queue: unique, receiveCount }));
      await journal.record([...attempts].reverse());
      await journal.record([sampleEntry({ queue: unique, messageId: "m-10" })]);
      same(await journal.attempts(unique, "m-1"), attempts);
      same(await journal.attempts(unique, "m-2"), []);
    },
  },
  {
    behaviour: "lists a day's failures newest first, in pages, without the next day's",
    check: async (journal, unique) => {
      const start = Date.UTC(2026, 0, 31);
      const ofDay = Array.from({ length: 30 }, (_, index) =>
        sampleEntry({ queue: unique, messageId: `m-${index}`, failedAtMs: start + index * 1_000 }),
      );
      await journal.record([
        ...ofDay,
        sampleEntry({ queue: unique, messageId: "late", failedAtMs: start + 86_400_000 }),
      ]);
      const first = await journal.failures(unique, "2026-01-31", { limit: 20 });
      const second = await journal.failures(unique, "2026-01-31", { limit: 20, after: first.next ?? "none" });
      same([...first.entries, ...second.entries], ofDay.reverse());
      same(second.next, undefined);
    },
  },
];

function same(actual: unknown, expected: unknown): void {
  const [left, right] = [stable(actual), stable(expected)];
  if (left !== right) throw new Error(`expected ${right}\nbut it is ${left}`);
}

function stable(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === "object" && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}
