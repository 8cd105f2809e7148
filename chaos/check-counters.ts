import { type History, type Increment, lastReads, type Violation } from "./history.ts";

/** Every counter stands at its acknowledged increments, and at most those beyond whose answer was lost. */
export function checkCounters(history: History): readonly Violation[] {
  const reads = lastReads(history);
  const increments = Map.groupBy(
    history.operations.filter((each) => each.type === "increment"),
    ({ key }) => key,
  );
  return [...increments].flatMap(([key, tries]): readonly Violation[] => {
    const value = reads.get(key);
    if (value === undefined) return [{ kind: "broken", evidence: `${key} was not read at the end` }];
    const least = countOf(tries, "done");
    const most = least + countOf(tries, "lost");
    const evidence = `${key} stands at ${value}; it was incremented ${least} to ${most} times`;
    if (Number(value) < least) return [{ kind: "lost", evidence }];
    return Number(value) > most ? [{ kind: "doubled", evidence }] : [];
  });
}

function countOf(tries: readonly Increment[], kind: Increment["outcome"]["kind"]): number {
  return tries.filter(({ outcome }) => outcome.kind === kind).length;
}
