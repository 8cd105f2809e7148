import { type Claim, type History, lastReads, type Violation } from "./history.ts";

/** Every key that owners tried for has exactly one winner: the one whose put was acknowledged. */
export function checkClaims(history: History): readonly Violation[] {
  const reads = lastReads(history);
  const claims = Map.groupBy(
    history.operations.filter((each) => each.type === "claim"),
    ({ key }) => key,
  );
  return [...claims].flatMap(([key, tries]) => checkKey(key, tries, reads.get(key)));
}

function checkKey(key: string, tries: readonly Claim[], owner: string | null | undefined): readonly Violation[] {
  if (owner === undefined) return [{ kind: "broken", evidence: `${key} was not read at the end` }];
  const ownersWith = (kind: Claim["outcome"]["kind"]): string[] =>
    tries.filter(({ outcome }) => outcome.kind === kind).map((each) => each.owner);
  const winners = ownersWith("done");
  if (winners.length > 1) {
    return [{ kind: "broken", evidence: `${key} was won ${winners.length} times, by ${winners.join(" and ")}` }];
  }
  if (owner === null) {
    const there = winners[0] ?? ownersWith("refused")[0];
    return there === undefined ? [] : [{ kind: "lost", evidence: `${key} is gone; it was there for ${there}` }];
  }
  const possible = winners.length > 0 ? winners : ownersWith("lost");
  if (possible.includes(owner)) return [];
  return [
    {
      kind: "broken",
      evidence: `${key} belongs to ${owner}, and it can only belong to ${possible.join(" or ") || "nobody"}`,
    },
  ];
}
