import { groupId } from "../failure/failure-group.ts";
import type { KnownLetter } from "./dead-letter.ts";

/** The group that a letter's message was healed in and died in again; undefined where it was not healed before. */
export function relapsedGroup({ explained: { heals }, before }: KnownLetter): string | undefined {
  if (before?.via !== "heal" || before.heals !== heals) return undefined;
  return groupId(before.queue, before.reason.fingerprint);
}

/** How many heals have their outcome with a relapse: one that had been seen resolved was counted then. */
export function healsEndedBy({ before }: KnownLetter): number {
  return before?.state === "resolved" ? 0 : 1;
}

/** Letters whose groups count the relapses among them too: what spends a group's budget is decided by it already. */
export function countRelapses(letters: readonly KnownLetter[]): readonly KnownLetter[] {
  const groups = letters.map(relapsedGroup);
  return letters.map((letter) => {
    const { group } = letter;
    const relapsed = group ? letters.filter((_, index) => groups[index] === group.id) : [];
    if (!group || relapsed.length === 0) return letter;
    const heals = relapsed.reduce((sum, each) => sum + healsEndedBy(each), group.heals);
    return { ...letter, group: { ...group, heals, relapses: group.relapses + relapsed.length } };
  });
}
