import type { Journal, JournalEntry } from "../src/index.ts";

/** One rule that every journal keeps, whatever it is built on. */
export interface ContractCase<Port> {
  readonly behaviour: string;
  /** Throws where the port breaks the rule. `unique` names what no other case touches; `nowMs` is the time that the port goes by. */
  readonly check: (port: Port, given: { readonly unique: string; readonly nowMs: number }) => Promise<void>;
}

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
      fingerprint: "1:00000000deadbeef",
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
      await journal.record([entry]);
      same(await journal.attempts(unique, "m-1"), [entry]);
    },
  },
  {
    behaviour: "keeps one entry when the same attempt is recorded twice, also at once and in one call",
    check: async (journal, { unique, nowMs }) => {
      const entry = sampleEntry({ queue: unique, failedAtMs: nowMs });
      await Promise.all([journal.record([entry]), journal.record([entry, entry])]);
      await journal.record([entry]);
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
      await journal.record([...attempts].reverse());
      await journal.record([
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
      await journal.record([
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

function day(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}

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
