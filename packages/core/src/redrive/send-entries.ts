import { ReliqError } from "../errors.ts";
import type { FailedMessage } from "../failure/failed-message.ts";
import { inCommits } from "../failure/in-commits.ts";
import { type SendAgain, type SentAgain, sendAgain, sendOnce } from "../heal/send-again.ts";
import type { RecoverPorts } from "../recover-ports.ts";
import { findOthers } from "./find-candidates.ts";
import { gatherFacts } from "./gather-facts.ts";
import { judgeAll } from "./judge-all.ts";
import type { RedriveRun, RunEntry } from "./redrive-run.ts";

/** What became of entries that were to be sent; the others are still to come. */
export interface EntrySends {
  readonly sent: readonly RunEntry[];
  /** What is no longer safe, with why. */
  readonly skipped: readonly RunEntry[];
}

/**
 * Judges entries again, as things are now, and sends those that are still safe; and sends once more what may not have left.
 * @throws ReliqError `run-unsent` where SQS did not take a message: nothing of the step may be committed.
 */
export async function sendEntries(
  run: RedriveRun,
  entries: readonly RunEntry[],
  doubtful: readonly RunEntry[],
  ports: RecoverPorts,
): Promise<EntrySends> {
  const how = howOf(run, ports);
  refuseDoubt(run, await sendOnce(await recordsOf(doubtful, ports), how, ports));
  const { safe, skipped } = await judgeAgain(run, entries, ports);
  const sent = new Set<string>();
  for (const some of inCommits(safe)) {
    const ends = await sendAgain(some, how, ports);
    const doubt = ends.filter(({ kind }) => kind === "in-doubt").map(({ failure }) => failure);
    if (doubt.length > 0) refuseDoubt(run, await sendOnce(doubt, how, ports));
    for (const { kind, failure } of ends) if (kind === "sent" || kind === "in-doubt") sent.add(failure.id);
  }
  return { sent: entries.filter(({ failure }) => sent.has(failure)), skipped };
}

function howOf({ id, kind, options: { jitterSeconds } }: RedriveRun, { random }: RecoverPorts): SendAgain {
  const delaySeconds = (): number => Math.floor(random() * jitterSeconds);
  return { via: kind, by: "reliq", run: id, ...(jitterSeconds > 0 && { delaySeconds }) };
}

async function recordsOf(entries: readonly RunEntry[], { store }: RecoverPorts): Promise<readonly FailedMessage[]> {
  if (entries.length === 0) return [];
  return (await store.failures(entries.map(({ failure }) => failure))).flatMap((record) => record ?? []);
}

async function judgeAgain(
  run: RedriveRun,
  entries: readonly RunEntry[],
  ports: RecoverPorts,
): Promise<{ readonly safe: readonly FailedMessage[]; readonly skipped: readonly RunEntry[] }> {
  const records = await recordsOf(entries, ports);
  if (records.length === 0) return { safe: [], skipped: [] };
  const facts = await gatherFacts(run.kind, records, ports);
  const others = await findOthers(run.queue, records, ports.store);
  const judged = judgeAll(facts, others, run.options, ports.now());
  const judgementOf = new Map(judged.map((each) => [each.failure.id, each]));
  return {
    safe: judged.filter(({ verdict }) => verdict === "safe").map(({ failure }) => failure),
    skipped: entries.flatMap((entry) => {
      const found = judgementOf.get(entry.failure);
      if (found?.verdict === "safe") return [];
      const { verdict = "already-done", because = "its record is gone" } = found ?? {};
      return [{ ...entry, state: "skipped" as const, verdict, because }];
    }),
  };
}

function refuseDoubt({ id }: RedriveRun, ends: readonly SentAgain[]): void {
  const doubt = ends.find((each) => each.kind === "in-doubt");
  if (doubt?.kind !== "in-doubt") return;
  const message = `The run ${id} could not send ${doubt.failure.id}: ${doubt.error}. It is sent again.`;
  throw new ReliqError("run-unsent", message, { retryable: true });
}
