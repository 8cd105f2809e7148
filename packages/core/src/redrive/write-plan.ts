import type { RecoverPorts } from "../recover-ports.ts";
import { type PlannedMessage, planRun } from "./plan-run.ts";
import type { RedriveRun, RunEntry } from "./redrive-run.ts";

/** The most entries of one commit. */
const MOST_ENTRIES = 50;

/**
 * Writes a run's plan and lets it run; one that was killed in between goes on behind the entries that are there. Undefined where
 * the run has changed since it was read.
 */
export async function writePlan(run: RedriveRun, ports: RecoverPorts): Promise<RedriveRun | undefined> {
  const { kind, queue, filter, options } = run;
  const plan = await planRun(kind, { ...filter, queue }, options, ports);
  const written = new Set((await readWritten(run, ports)).map(({ failure }) => failure));
  const room = options.maxMessages - run.planned;
  const messages = plan.messages.filter(({ failure }) => !written.has(failure)).slice(0, Math.max(0, room));
  let current = run;
  for (let start = 0; start === 0 || start < messages.length; start += MOST_ENTRIES) {
    const page = messages.slice(start, start + MOST_ENTRIES);
    const isLast = start + MOST_ENTRIES >= messages.length;
    const next = await writePage(current, page, isLast, ports);
    if (next === undefined) return undefined;
    current = next;
  }
  return current;
}

async function readWritten(run: RedriveRun, { store }: RecoverPorts): Promise<readonly RunEntry[]> {
  const entries: RunEntry[] = [];
  while (entries.length < run.planned) {
    const page = await store.entries(run.id, entries.length);
    if (page.length === 0) break;
    entries.push(...page);
  }
  return entries;
}

async function writePage(
  run: RedriveRun,
  page: readonly PlannedMessage[],
  isLast: boolean,
  { store, now }: RecoverPorts,
): Promise<RedriveRun | undefined> {
  const entries = page.map((message, index): RunEntry => {
    const state = message.verdict === "safe" ? "planned" : "skipped";
    return { ...message, run: run.id, position: run.planned + index, state };
  });
  const after: RedriveRun = {
    ...run,
    state: isLast ? "running" : "planning",
    version: run.version + 1,
    updatedAtMs: now(),
    planned: run.planned + entries.length,
    skipped: run.skipped + entries.filter(({ state }) => state === "skipped").length,
  };
  const { planned, skipped } = after;
  const answer = await store.commit({
    runs: [{ before: run, after }],
    entries: entries.map((entry) => ({ before: undefined, after: entry })),
    audit: {
      chain: run.queue,
      atMs: now(),
      by: "reliq",
      action: `${run.kind}-planned`,
      subjects: [run.id],
      details: { planned, skipped },
    },
  });
  return answer === "committed" ? after : undefined;
}
