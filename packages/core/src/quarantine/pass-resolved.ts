import { failureId } from "../failure/failed-message.ts";
import { resentKey } from "../idempotency/resent-key.ts";
import { type Front, type GroupMark, passFront } from "../model/group-mark.ts";
import type { Policy } from "../policy/policy.ts";
import type { RecoverPorts } from "../recover-ports.ts";
import { changeMark } from "./change-mark.ts";

/** What decides when a failed message is not waited for any longer. */
export interface ReleaseRules {
  readonly policy: Policy;
  /** The longest that a queue's receives can take before a message of it is dead-lettered, seconds. */
  readonly longestSeconds: (queue: string) => number;
}

/** How much longer than a message can take to be dead-lettered its death is waited for, ms: after that nobody died. */
const SILENCE_MS = 900_000;

/** Lets a group go on whose failed message, or whose suspect, is over; gives back its mark as it is then. */
export async function passResolved(
  rules: ReleaseRules,
  mark: GroupMark,
  ports: RecoverPorts,
): Promise<GroupMark | undefined> {
  const waitedFor = mark.phase === "held" ? mark.front : mark.suspect;
  if (!waitedFor || !(await isOver(rules, mark, waitedFor, ports))) return mark;
  const changed = await changeMark(mark, mark, (stored) => ({ after: passed(stored, waitedFor) }), ports.quarantine);
  return changed.mark;
}

function passed(mark: GroupMark, { lineage }: Front): GroupMark {
  if (mark.front?.lineage === lineage) return passFront(mark);
  if (mark.suspect?.lineage !== lineage) return mark;
  const { suspect: _, ...rest } = mark;
  return rest;
}

async function isOver(
  { policy, longestSeconds }: ReleaseRules,
  { queue, phase }: GroupMark,
  { lineage, sinceMs, inferred }: Front,
  { store, journal, now }: RecoverPorts,
): Promise<boolean> {
  const [failure] = await store.failures([failureId(queue, lineage)]);
  if (failure) {
    const { state } = failure;
    const isFinal = state === "archived" && policy.onArchive === "skip";
    return state === "resolved" || state === "discarded" || isFinal;
  }
  const [claim] = await journal.read([resentKey(queue, lineage)]);
  if (claim?.state === "done") return true;
  // One that was seen to fail is in a dead-letter queue, however long its capture takes.
  if (phase === "held" && !inferred) return false;
  return now() - sinceMs > longestSeconds(queue) * 1_000 + SILENCE_MS;
}
