import { groupId } from "../failure/failure-group.ts";
import type { KnownLetter } from "./dead-letter.ts";

/** The group that a letter's message was healed in and died in again; undefined where it was not healed before. */
export function relapsedGroup({ explained: { heals }, before }: KnownLetter): string | undefined {
  if (before?.via !== "heal" || before.heals !== heals) return undefined;
  return groupId(before.queue, before.reason.fingerprint);
}

/** Letters whose groups count the relapses among them too: what spends a group's budget is decided by it already. */
export function countRelapses(letters: readonly KnownLetter[]): readonly KnownLetter[] {
  const groups = letters.map(relapsedGroup);
  return letters.map((letter) => {
    const { group } = letter;
    const more = group ? groups.filter((each) => each === group.id).length : 0;
    return group && more > 0 ? { ...letter, group: { ...group, relapses: group.relapses + more } } : letter;
  });
}
