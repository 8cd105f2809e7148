import fc from "fast-check";
import { expect, test } from "vitest";
import { type AlarmRule, decideState, evaluationRange, MISSING_DATA } from "./decide.ts";

const rules = fc
  .record({ evaluationPeriods: fc.integer({ min: 1, max: 6 }), treatMissingData: fc.constantFrom(...MISSING_DATA) })
  .chain((rule) =>
    fc.integer({ min: 1, max: rule.evaluationPeriods }).map((datapointsToAlarm) => ({ ...rule, datapointsToAlarm })),
  );

const histories = rules.chain((rule) => {
  const period = fc.option(fc.boolean(), { nil: undefined });
  const length = evaluationRange(rule);
  return fc.tuple(fc.constant<AlarmRule>(rule), fc.array(period, { minLength: length, maxLength: length }));
});

const SEVERITY = { OK: 0, INSUFFICIENT_DATA: 0, retain: 0.5, ALARM: 1 } as const;

test("no state comes without its cause", () => {
  fc.assert(
    fc.property(histories, ([rule, periods]) => {
      const state = decideState(periods, rule);
      const real = periods.filter((each) => each !== undefined);
      if (state === "INSUFFICIENT_DATA") expect([real.length, rule.treatMissingData]).toEqual([0, "missing"]);
      if (state === "retain") expect(rule.treatMissingData).toBe("ignore");
      if (state === "ALARM" && rule.treatMissingData !== "breaching") expect(real).toContain(true);
      if (real.length >= rule.evaluationPeriods) {
        const breaching = real.slice(-rule.evaluationPeriods).filter((each) => each).length;
        expect(state).toBe(breaching >= rule.datapointsToAlarm ? "ALARM" : "OK");
      }
    }),
    { numRuns: 2_000 },
  );
});

test("a period that breaches where it did not never makes an alarm less of one", () => {
  fc.assert(
    fc.property(histories, fc.nat(), ([rule, periods], place) => {
      const index = place % periods.length;
      fc.pre(periods[index] === false);
      const worse = periods.with(index, true);
      expect(SEVERITY[decideState(worse, rule)]).toBeGreaterThanOrEqual(SEVERITY[decideState(periods, rule)]);
    }),
    { numRuns: 2_000 },
  );
});
