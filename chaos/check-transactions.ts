import { type History, lastReads, type Transaction, type Violation } from "./history.ts";

/** A transaction is carried out whole or not at all, and once however often it is repeated under its token. */
export function checkTransactions(history: History): readonly Violation[] {
  const reads = lastReads(history);
  const transactions = Map.groupBy(
    history.operations.filter((each) => each.type === "transaction"),
    ({ owner }) => owner,
  );
  const carriedOut = new Map<string, number>();
  const violations: Violation[] = [];
  for (const tries of transactions.values()) {
    const [{ keys, counter, owner } = NO_TRANSACTION] = tries;
    const there = keys.filter((key) => reads.get(key) === owner);
    carriedOut.set(counter, (carriedOut.get(counter) ?? 0) + (there.length > 0 ? 1 : 0));
    violations.push(...checkParts(tries, there.length, keys));
  }
  return [...violations, ...[...carriedOut].flatMap(([counter, times]) => checkCounter(counter, times, reads))];
}

const NO_TRANSACTION: Pick<Transaction, "keys" | "counter" | "owner"> = { keys: [], counter: "", owner: "" };

function checkParts(tries: readonly Transaction[], there: number, keys: readonly string[]): readonly Violation[] {
  const [{ owner } = NO_TRANSACTION] = tries;
  const evidence = `${there} of the ${keys.length} items of transaction ${owner} are there`;
  const mayBeThere = tries.some(({ outcome, doomed }) => outcome.kind !== "refused" && !doomed);
  if (there > 0 && (there < keys.length || !mayBeThere)) return [{ kind: "broken", evidence }];
  if (!tries.some(({ outcome }) => outcome.kind === "done")) return [];
  if (tries.some(({ doomed }) => doomed)) {
    return [{ kind: "broken", evidence: `Transaction ${owner} was acknowledged, and its condition does not hold` }];
  }
  return there === 0 ? [{ kind: "lost", evidence }] : [];
}

function checkCounter(
  counter: string,
  carriedOut: number,
  reads: ReadonlyMap<string, string | null>,
): readonly Violation[] {
  const value = reads.get(counter);
  const evidence = `${counter} stands at ${value}; ${carriedOut} transactions that increment it were carried out`;
  if (value === undefined) return [{ kind: "broken", evidence: `${counter} was not read at the end` }];
  if (Number(value) === carriedOut) return [];
  return [{ kind: Number(value) < carriedOut ? "lost" : "doubled", evidence }];
}
