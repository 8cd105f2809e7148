import { type ConsumePorts, groupOrder, type Journal, type LogLine, transactionalEffects } from "../src/index.ts";
import { memoryJournal } from "./memory-journal.ts";

/** Ports with a journal that can be read, and the lines that were logged. */
export interface SamplePorts extends ConsumePorts {
  readonly journal: Journal;
  readonly lines: LogLine[];
}

/** Ports in memory for tests of pure logic: a clock that stands still, no jitter, tokens by number, and the lines that were logged. */
export function samplePorts(changes: Partial<SamplePorts> = {}): SamplePorts {
  const lines: LogLine[] = [];
  const journal = changes.journal ?? memoryJournal();
  let tokens = 0;
  return {
    journal,
    effects: transactionalEffects(journal),
    groups: groupOrder,
    visibility: { change: async () => {} },
    log: (line) => lines.push(line),
    now: () => Date.UTC(2026, 1, 1, 12),
    random: () => 1,
    newToken: () => `token-${++tokens}`,
    timeLimit: (_, signal) => ({ signal, end: () => {} }),
    lines,
    ...changes,
  };
}
