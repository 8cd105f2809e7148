import type { History, Read, Violation, Write } from "./history.ts";

/** A key with one writer holds the last acknowledged write, or one after it whose answer was lost. */
export function checkWrites({ operations }: History): readonly Violation[] {
  const written = new Set(operations.filter((each) => each.type === "write").map(({ key }) => key));
  const keys = Map.groupBy(
    operations.filter((each) => (each.type === "write" || each.type === "read") && written.has(each.key)) as (
      | Write
      | Read
    )[],
    ({ key }) => key,
  );
  return [...keys].flatMap(([key, history]) => checkKey(key, history));
}

function checkKey(key: string, history: readonly (Write | Read)[]): readonly Violation[] {
  const violations: Violation[] = [];
  let possible = new Set<string | null>([null]);
  for (const each of history) {
    if (each.type === "write") {
      if (each.outcome.kind === "done") possible = new Set([each.value]);
      if (each.outcome.kind === "lost") possible.add(each.value);
      continue;
    }
    if (!possible.has(each.value))
      violations.push({ kind: kindOf(each.value, possible, history), evidence: evidenceOf(each, possible) });
    // What was read is what is there: a write whose answer was lost cannot appear or go away later.
    possible = new Set([each.value]);
  }
  if (history.at(-1)?.type !== "read") violations.push({ kind: "broken", evidence: `${key} was not read at the end` });
  return violations;
}

function kindOf(
  value: string | null,
  possible: ReadonlySet<string | null>,
  history: readonly (Write | Read)[],
): Violation["kind"] {
  const known = value === null || history.some((each) => each.type === "write" && each.value === value);
  if (!known) return "broken";
  return possible.size === 1 && possible.has(null) ? "doubled" : "lost";
}

function evidenceOf({ key, value, endedMs }: Read, possible: ReadonlySet<string | null>): string {
  return `${key} held ${JSON.stringify(value)} at ${(endedMs / 1000).toFixed(3)} s; it can only hold ${[...possible].map((each) => JSON.stringify(each)).join(" or ")}`;
}
