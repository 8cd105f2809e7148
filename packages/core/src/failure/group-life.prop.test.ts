import fc from "fast-check";
import { expect, test } from "vitest";
import { sampleGroup } from "../../testing/failure-samples.ts";
import type { FailureGroup } from "./failure-group.ts";
import { acknowledged, armed, groupAfterDeath, ignored, resolved } from "./group-life.ts";

const NOW = Date.UTC(2026, 1, 1, 12);

type Event =
  | { readonly kind: "death"; readonly version: string | undefined; readonly deaths: number }
  | { readonly kind: "acknowledge" | "arm" | "resolve" }
  | { readonly kind: "resolve-in"; readonly version: string }
  | { readonly kind: "ignore"; readonly forMs?: number; readonly forDeaths?: number };

const version = fc.constantFrom("1.2.3", "1.10.0", "v2", "2.0.1", "a4f1c20");

const event: fc.Arbitrary<Event> = fc.oneof(
  fc.record({
    kind: fc.constant("death" as const),
    version: fc.option(version, { nil: undefined }),
    deaths: fc.integer({ min: 1, max: 3 }),
  }),
  fc.record({ kind: fc.constantFrom("acknowledge" as const, "arm" as const, "resolve" as const) }),
  fc.record({ kind: fc.constant("resolve-in" as const), version }),
  fc.record({ kind: fc.constant("ignore" as const), forMs: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ kind: fc.constant("ignore" as const), forDeaths: fc.integer({ min: 1, max: 5 }) }),
);

/** Applies an event as a store does: the life first, then the counts. A refused one changes nothing. */
function apply(group: FailureGroup, each: Event, nowMs: number): FailureGroup {
  try {
    switch (each.kind) {
      case "death": {
        const after = groupAfterDeath(group, each.version, nowMs, each.deaths);
        return { ...after, deaths: after.deaths + each.deaths, relapses: after.relapses + 1 };
      }
      case "acknowledge":
        return acknowledged(group, "ann");
      case "arm":
        return armed(group);
      case "resolve":
        return resolved(group, "ann");
      case "resolve-in":
        return resolved(group, "ann", each.version);
      case "ignore": {
        const { forMs, forDeaths } = each;
        const atMs = forMs === undefined ? {} : { atMs: nowMs + forMs };
        const deaths = forDeaths === undefined ? {} : { deaths: group.deaths + forDeaths };
        return ignored(group, "ann", { ...atMs, ...deaths }, nowMs);
      }
    }
  } catch {
    return group;
  }
}

test("whatever happens to a group: versions grow by one with each change, conditions stay with their state, repeats change nothing", () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 30 }), (events) => {
      let group = sampleGroup();
      events.forEach((each, index) => {
        const before = group;
        group = apply(group, each, NOW + index);
        const { deaths: _, relapses: __, version: left, ...lifeBefore } = before;
        const { deaths: ___, relapses: ____, version: right, ...life } = group;
        const changed = JSON.stringify(lifeBefore) !== JSON.stringify(life);
        expect(right - left).toBe(changed ? 1 : 0);
        expect(group.ignoredUntilMs !== undefined || group.ignoredUntilDeaths !== undefined).toBe(
          group.state === "ignored",
        );
        if (group.resolvedInVersion !== undefined) expect(group.state).toBe("resolved");
        if (each.kind === "death" && group.state === "ignored") {
          expect(group.deaths).toBeLessThan(group.ignoredUntilDeaths ?? Number.POSITIVE_INFINITY);
          expect(NOW + index).toBeLessThan(group.ignoredUntilMs ?? Number.POSITIVE_INFINITY);
        }
        if (each.kind !== "death" && each.kind !== "ignore") expect(apply(group, each, NOW + index)).toBe(group);
      });
    }),
  );
});

test("a resolved group regresses with a death, but not of a version older than the one that resolved it", () => {
  const group = resolved(sampleGroup(), "ann", "1.10.0");
  const after = (died: string | undefined): string => groupAfterDeath(group, died, NOW).state;
  expect([after("1.9.9"), after("v1.2"), after("1")]).toEqual(["resolved", "resolved", "resolved"]);
  expect([after("1.10"), after("1.10.1"), after("v2"), after("a4f1c20"), after(undefined)]).toEqual(
    Array(5).fill("regressed"),
  );
});

test("a group is ignored until a condition that is still to come, and a resolved one is not", () => {
  const group = sampleGroup({ deaths: 7 });
  expect(() => ignored(group, "ann", {}, NOW)).toThrow("Give a time or a number of deaths");
  expect(() => ignored(group, "ann", { atMs: NOW }, NOW)).toThrow("that is over");
  expect(() => ignored(group, "ann", { deaths: 7 }, NOW)).toThrow("over the 7 that it has");
  expect(() => ignored(resolved(group, "ann"), "ann", { deaths: 9 }, NOW)).toThrow("is resolved");
});
