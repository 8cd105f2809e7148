import { failureId } from "../failure/failed-message.ts";
import type { Captured, DeadLetter, KnownLetter } from "./dead-letter.ts";
import { kindOfDeath } from "./record-death.ts";

/** A letter with how its capture ended. */
export interface EndedLetter {
  readonly letter: DeadLetter;
  readonly end: Captured;
}

interface Sorted {
  /** Deaths that are new: one a message. */
  readonly fresh: readonly KnownLetter[];
  readonly copies: readonly EndedLetter[];
  /** Letters of a message that another letter of this call is about: they come back when that one is settled. */
  readonly twins: readonly EndedLetter[];
}

/** Sorts letters into new deaths, copies of known ones, and those that have to wait for their twin. */
export function sortLetters(known: readonly KnownLetter[]): Sorted {
  const fresh = new Map<string, KnownLetter>();
  const copies: EndedLetter[] = [];
  const twins: EndedLetter[] = [];
  for (const each of known) {
    const { letter, lineage } = each.explained;
    const id = failureId(letter.queue, lineage);
    if (each.before && kindOfDeath(each) === "copy") {
      copies.push({ letter, end: { kind: "copy", failure: each.before } });
    } else if (fresh.has(id)) {
      twins.push({ letter, end: { kind: "again", because: `another letter of ${id} came with it` } });
    } else {
      fresh.set(id, each);
    }
  }
  return { fresh: [...fresh.values()], copies, twins };
}
