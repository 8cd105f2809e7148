import { type FailedMessage, failureId } from "../failure/failed-message.ts";
import { groupId } from "../failure/failure-group.ts";
import { resentKey } from "../idempotency/resent-key.ts";
import { countAside, type Front, type GroupMark, passFront } from "../model/group-mark.ts";
import type { Policy } from "../policy/policy.ts";
import type { RecoverPorts } from "../recover-ports.ts";
import { changeMark } from "./change-mark.ts";

/** What decides when a failed message is not waited for any longer. */
export interface ReleaseRules {
  readonly policy: Policy;
  /** The longest that a queue's receives can take before a message of it is dead-lettered, seconds. */
  readonly longestSeconds: (queue: string) => number;
}

/** How long a group waits where the policy does not say: the longest that a queue keeps a message. */
const DEFAULT_LIMIT = { messages: 100_000, seconds: 1_209_600 };

/** How much longer than a message can take to be dead-lettered its death is waited for, ms: after that nobody died. */
const SILENCE_MS = 900_000;

/** Lets a group go on whose failed message, or whose suspect, is over, or that has reached its limit; gives back its mark as it is then. */
export async function passResolved(
  rules: ReleaseRules,
  mark: GroupMark,
  ports: RecoverPorts,
): Promise<GroupMark | undefined> {
  const { queue, phase, front, suspect } = mark;
  if (phase !== "held" || !front) {
    // Others of its batch may have begun with it: only what comes behind it shows what became of them.
    return suspect && isSilent(rules, queue, suspect, ports.now()) ? pass(mark, suspect, ports) : mark;
  }
  const [failure] = await ports.store.failures([failureId(queue, front.lineage)]);
  if (await isOver(rules, mark, front, failure, ports)) return pass(mark, front, ports);
  if (!isAtLimit(rules, mark, ports.now())) return mark;
  await tellOfLimit(mark, front, failure, ports);
  return pass(mark, front, ports);
}

async function pass(mark: GroupMark, over: Front, ports: RecoverPorts): Promise<GroupMark | undefined> {
  const changed = await changeMark(mark, mark, (stored) => ({ after: passed(stored, over) }), ports.quarantine);
  return changed.mark;
}

function passed(mark: GroupMark, { lineage }: Front): GroupMark {
  if (mark.front?.lineage === lineage) return passFront(mark);
  if (mark.suspect?.lineage !== lineage) return mark;
  const { suspect: _, ...rest } = mark;
  return rest;
}

async function isOver(
  rules: ReleaseRules,
  { queue }: GroupMark,
  front: Front,
  failure: FailedMessage | undefined,
  { journal, now }: RecoverPorts,
): Promise<boolean> {
  if (failure) {
    const { state } = failure;
    const isFinal = state === "archived" && rules.policy.onArchive === "skip";
    return state === "resolved" || state === "discarded" || isFinal;
  }
  const [claim] = await journal.read([resentKey(queue, front.lineage)]);
  if (claim?.state === "done") return true;
  // One that was seen to fail is in a dead-letter queue, however long its capture takes.
  return front.inferred === true && isSilent(rules, queue, front, now());
}

function isSilent({ longestSeconds }: ReleaseRules, queue: string, { sinceMs }: Front, nowMs: number): boolean {
  return nowMs - sinceMs > longestSeconds(queue) * 1_000 + SILENCE_MS;
}

function isAtLimit({ policy: { groupLimit = DEFAULT_LIMIT } }: ReleaseRules, mark: GroupMark, nowMs: number): boolean {
  return countAside(mark) >= groupLimit.messages || nowMs - mark.sinceMs >= groupLimit.seconds * 1_000;
}

/** Before it is done: killed in between, a person is told of it twice. */
async function tellOfLimit(
  mark: GroupMark,
  { lineage }: Front,
  failure: FailedMessage | undefined,
  { store, wakeUps, now }: RecoverPorts,
): Promise<void> {
  const { queue, group } = mark;
  const details = { group, reason: "the group has reached its limit", overtakes: countAside(mark) };
  const subjects = [failureId(queue, lineage)];
  await store.commit({ audit: { chain: queue, atMs: now(), by: "reliq", action: "group-skipped", subjects, details } });
  if (!failure) return;
  const of = groupId(queue, failure.reason.fingerprint);
  await wakeUps.add([{ wakeUp: { kind: "alert", group: of }, afterSeconds: 0 }]);
}
