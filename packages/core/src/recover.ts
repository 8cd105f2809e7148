import { countRelapses } from "./capture/count-relapses.ts";
import type { Captured, DeadLetter } from "./capture/dead-letter.ts";
import { decideLetter, type RecoveryRules } from "./capture/decide-letter.ts";
import { explainLetter } from "./capture/explain-letter.ts";
import { knowLetters } from "./capture/know-letters.ts";
import { placeContent } from "./capture/place-content.ts";
import { sortLetters } from "./capture/sort-letters.ts";
import { storeLetters } from "./capture/store-letters.ts";
import { wakeFor } from "./capture/wake-for.ts";
import { holdLetters } from "./quarantine/hold-letters.ts";
import type { RecoverPorts } from "./recover-ports.ts";

/**
 * The path of dead letters into the failure store, and to what the policy does with them. Returns one end a letter, in the
 * letters' order. Killed anywhere and given the same letters again, it goes on: each death is there once, with its reason.
 * @throws where the store, the archive or the wake-ups cannot be reached: then no letter may be deleted.
 */
export async function recover(
  rules: RecoveryRules,
  letters: readonly DeadLetter[],
  ports: RecoverPorts,
): Promise<readonly Captured[]> {
  const explained = await Promise.all(letters.map((letter) => explainLetter(letter, ports)));
  const { own, aside } = await holdLetters(explained, ports);
  const known = await knowLetters(own, ports);
  const { fresh, copies, twins } = sortLetters(known);
  const counted = countRelapses(fresh);
  const decided = await Promise.all(counted.map((each) => decideLetter(rules, each, ports.now(), ports.random())));
  const placed = await Promise.all(decided.map((each) => placeContent(each, ports)));
  const stored = await storeLetters(rules.policy, placed, ports);
  await wakeFor([...stored, ...copies], ports);
  const ends = new Map([...aside, ...stored, ...copies, ...twins].map(({ letter, end }) => [letter, end]));
  return letters.map((letter) => ends.get(letter) ?? { kind: "again", because: "it was not looked at" });
}
