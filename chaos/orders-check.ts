import type { Violation } from "./history.ts";
import type { OrderEffect } from "./orders-history.ts";

type Effects = ReadonlyMap<string, readonly OrderEffect[]>;

/**
 * What differs between the effects of each group and those of a single-threaded run without faults, compared field by field: an effect that is not there,
 * or not as it should be, is `lost`, one that is there again `doubled`, and one that came after a later one `outOfOrder`.
 */
export function checkOrders(expected: Effects, effects: Effects): readonly Violation[] {
  const groups = new Set([...expected.keys(), ...effects.keys()]);
  return [...groups].flatMap((group) => checkGroup(group, expected.get(group) ?? [], effects.get(group) ?? []));
}

function checkGroup(
  group: string,
  expected: readonly OrderEffect[],
  effects: readonly OrderEffect[],
): readonly Violation[] {
  const found: Violation[] = [];
  const byKey = Map.groupBy(effects, ({ key }) => key);
  for (const effect of expected) {
    const [first, ...others] = byKey.get(effect.key) ?? [];
    const is = JSON.stringify(first);
    if (is !== JSON.stringify(effect)) {
      found.push({ kind: "lost", evidence: `${group}: ${JSON.stringify(effect)} is ${is ?? "not there"}` });
    }
    found.push(
      ...others.map((): Violation => ({ kind: "doubled", evidence: `${group}: ${effect.key} is there again` })),
    );
  }
  const known = new Map(expected.map(({ key }, place) => [key, place]));
  let latest = -1;
  for (const { key } of effects) {
    const place = known.get(key);
    if (place === undefined)
      found.push({ kind: "doubled", evidence: `${group}: ${key} is there, and was to have none` });
    else if (place < latest) found.push({ kind: "outOfOrder", evidence: `${group}: ${key} came after a later one` });
    latest = Math.max(latest, place ?? latest);
  }
  return found;
}
