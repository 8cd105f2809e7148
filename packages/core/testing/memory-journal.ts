import type { Journal, JournalEntry, JournalPage, PageOptions } from "../src/index.ts";

/** A journal in memory, for tests of pure logic; it passes the same contract suite as the real one. */
export function memoryJournal(): Journal {
  const entries = new Map<string, JournalEntry>();
  return {
    record: async (recorded) => {
      for (const entry of recorded) entries.set(entryKey(entry), entry);
    },
    attempts: async (queue, messageId) =>
      [...entries.values()]
        .filter((entry) => entry.queue === queue && entry.messageId === messageId)
        .sort((a, b) => a.receiveCount - b.receiveCount),
    failures: async (queue, day, options = {}) => page([...entries.values()], queue, day, options),
  };
}

function entryKey({ queue, messageId, receiveCount }: JournalEntry): string {
  return JSON.stringify([queue, messageId, receiveCount]);
}

function page(entries: readonly JournalEntry[], queue: string, day: string, options: PageOptions): JournalPage {
  const ofDay = entries
    .filter((entry) => entry.queue === queue && new Date(entry.failedAtMs).toISOString().startsWith(day))
    .sort((a, b) => b.failedAtMs - a.failedAtMs || (entryKey(a) < entryKey(b) ? 1 : -1));
  const first = options.after === undefined ? 0 : Number(options.after);
  const last = first + (options.limit ?? 100);
  return { entries: ofDay.slice(first, last), ...(last < ofDay.length && { next: String(last) }) };
}
