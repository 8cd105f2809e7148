/** One rule that every adapter of a port keeps, whatever it is built on. */
export interface ContractCase<Port> {
  readonly behaviour: string;
  /** Throws where the port breaks the rule. `unique` names what no other case touches; `nowMs` is the time that the port goes by. */
  readonly check: (port: Port, given: { readonly unique: string; readonly nowMs: number }) => Promise<void>;
}

/** @throws where two values differ, the order of members aside */
export function same(actual: unknown, expected: unknown): void {
  const [left, right] = [stable(actual), stable(expected)];
  if (left !== right) throw new Error(`expected ${right}\nbut it is ${left}`);
}

function stable(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === "object" && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}
