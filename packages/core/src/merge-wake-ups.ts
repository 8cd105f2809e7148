import type { DueSend, WakeUp } from "./recover-ports.ts";

/** The most ids of one wake-up. */
const MOST_IDS = 100;

/** A wake-up, and which of the given ones it stands for. */
export interface MergedWakeUp {
  readonly wakeUp: WakeUp;
  readonly of: readonly number[];
}

/** Puts wake-ups that came together into as few as do the same: they read and commit together then. Those that send in turn stay alone. */
export function mergeWakeUps(wakeUps: readonly WakeUp[]): readonly MergedWakeUp[] {
  const merged: MergedWakeUp[] = [];
  for (const [index, wakeUp] of wakeUps.entries()) {
    for (const [place, each] of merged.entries()) {
      const both = union(each.wakeUp, wakeUp);
      if (both === undefined) continue;
      merged[place] = { wakeUp: both, of: [...each.of, index] };
      break;
    }
    if (!merged.some(({ of }) => of.includes(index))) merged.push({ wakeUp, of: [index] });
  }
  return merged;
}

function union(one: WakeUp, other: WakeUp): WakeUp | undefined {
  if (one.kind === "alert" && other.kind === "alert") return one.group === other.group ? one : undefined;
  if (one.kind === "run" && other.kind === "run") return one.run === other.run ? one : undefined;
  if (one.kind === "release" && other.kind === "release") {
    const isSame = one.queue === other.queue && one.group === other.group;
    return isSame ? { ...one, round: Math.min(one.round, other.round) } : undefined;
  }
  if (one.kind === "observe" && other.kind === "observe" && one.round === other.round) {
    const failures = [...new Set([...one.failures, ...other.failures])];
    return failures.length > MOST_IDS ? undefined : { ...one, failures };
  }
  if (one.kind === "send" && other.kind === "send" && !one.then && !other.then) {
    const failures = unionOfSends(one.failures, other.failures);
    return failures && { ...one, failures };
  }
  return undefined;
}

/** A message that is in both is sent as one of them says only where both say the same. */
function unionOfSends(one: readonly DueSend[], other: readonly DueSend[]): readonly DueSend[] | undefined {
  const sends = new Map(one.map((each) => [each.id, each.sends]));
  if (other.some((each) => (sends.get(each.id) ?? each.sends) !== each.sends)) return undefined;
  const failures = [...one, ...other.filter(({ id }) => !sends.has(id))];
  return failures.length > MOST_IDS ? undefined : failures;
}
