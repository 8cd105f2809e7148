import type { FailedMessage } from "../failure/failed-message.ts";
import { type GroupCount, groupId } from "../failure/failure-group.ts";
import { inCommits } from "../failure/in-commits.ts";
import { resentKey } from "../idempotency/resent-key.ts";
import { wakeReleases } from "../quarantine/wake-releases.ts";
import type { RecoverPorts, Transition } from "../recover-ports.ts";

/** The longest between two looks, seconds: the longest delay of a wake-up. */
const LONGEST_LOOK_SECONDS = 900;

/** How often silence is looked at before the schedule takes over. */
const MOST_ROUNDS = 12;

/**
 * Sees what became of messages that were sent again: resolved, where their consumer has claimed them and is done; or, where it does not use
 * Reliq, when they have not died for as long as their queue's receives can take. The others are looked after again, ever later.
 */
export async function observe(
  ids: readonly string[],
  round: number,
  longestSeconds: (queue: string) => number,
  ports: RecoverPorts,
): Promise<void> {
  const found = await ports.store.failures(ids);
  const nowMs = ports.now();
  const open = found.flatMap((failure) => (failure && (isOut(failure) || mayHaveCopy(failure)) ? [failure] : []));
  if (open.length === 0) return;
  const claims = await ports.journal.read(open.map(({ queue, lineage }) => resentKey(queue, lineage)));
  const resolved = open.flatMap((failure, index) => {
    const by =
      claims[index]?.state === "done" ? "claim" : silence(failure, longestSeconds, nowMs) ? "silence" : undefined;
    return by === undefined ? [] : [{ before: failure, after: resolve(failure, by, nowMs) }];
  });
  await commitResolved(resolved, ports);
  const left = open
    .filter((failure) => isOut(failure) || nowMs - failure.diedAtMs <= longestSeconds(failure.queue) * 1_000)
    .filter((failure) => !resolved.some(({ before }) => before === failure))
    .map(({ id }) => id);
  if (left.length === 0 || round >= MOST_ROUNDS) return;
  const afterSeconds = Math.min(LONGEST_LOOK_SECONDS, 2 ** (round + 1));
  await ports.wakeUps.add([{ wakeUp: { kind: "observe", failures: left, round: round + 1 }, afterSeconds }]);
}

function isOut({ state }: FailedMessage): boolean {
  return state === "requeued";
}

/** One that was sent twice, because the first answer was lost, can have died for good in one copy and have its effect in the other. */
function mayHaveCopy({ state, sends }: FailedMessage): boolean {
  return sends > 0 && (state === "archived" || state === "held");
}

/** A consumer that journals would have claimed it: there, silence only means that it waits. */
function silence(failure: FailedMessage, longestSeconds: (queue: string) => number, nowMs: number): boolean {
  const { inferred, requeuedAtMs = 0, queue } = failure;
  return isOut(failure) && inferred && nowMs - requeuedAtMs > longestSeconds(queue) * 1_000;
}

function resolve(before: FailedMessage, resolvedBy: "claim" | "silence", nowMs: number): FailedMessage {
  return { ...before, state: "resolved", version: before.version + 1, resolvedBy, updatedAtMs: nowMs };
}

async function commitResolved(resolved: readonly Transition<FailedMessage>[], ports: RecoverPorts): Promise<void> {
  for (const ofQueue of Map.groupBy(resolved, ({ after }) => after.queue).values()) {
    for (const some of inCommits(ofQueue)) await commitTogether(some, ports);
  }
}

/** One that died again meanwhile is not resolved, and keeps none of the others from it. */
async function commitTogether(failures: readonly Transition<FailedMessage>[], ports: RecoverPorts): Promise<void> {
  const [first] = failures;
  if (!first) return;
  const subjects = failures.map(({ after }) => after.id);
  const { queue, resolvedBy } = first.after;
  const audit = { chain: queue, atMs: ports.now(), by: "reliq", action: "resolved", subjects, details: { resolvedBy } };
  const counts = countHealed(failures, ports.now());
  const answer = await ports.store.commit({ failures, counts, audit });
  if (answer === "committed") {
    await wakeReleases(
      failures.map(({ after }) => after),
      ports,
    );
  }
  if (answer === "committed" || failures.length === 1) return;
  for (const failure of failures) await commitTogether([failure], ports);
}

/** A heal counts once its outcome is known: those that are still on their way say nothing of whether healing helps. */
function countHealed(failures: readonly Transition<FailedMessage>[], atMs: number): readonly GroupCount[] {
  const healed = failures.map(({ after }) => after).filter(({ via }) => via === "heal");
  const byGroup = Map.groupBy(healed, ({ queue, reason }) => groupId(queue, reason.fingerprint));
  return [...byGroup].flatMap(([group, ofGroup]) => {
    const [first] = ofGroup;
    if (!first) return [];
    const { queue, reason } = first;
    const { fingerprint, category, severity, errorName, message } = reason;
    const of = { queue, fingerprint, category, severity, errorName, message };
    return [{ group, deaths: 0, heals: ofGroup.length, relapses: 0, atMs, first: of }];
  });
}
