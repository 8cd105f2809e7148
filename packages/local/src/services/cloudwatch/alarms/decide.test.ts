import { expect, test } from "vitest";
import { type AlarmRule, decideState, MISSING_DATA } from "./decide.ts";

/** `0` does not breach, `X` does, `-` is missing; the newest is last. */
const periods = (text: string): (boolean | undefined)[] =>
  [...text].map((each) => (each === "-" ? undefined : each === "X"));

const decide = (text: string, datapointsToAlarm: number): string[] =>
  (["missing", "ignore", "breaching", "notBreaching"] satisfies AlarmRule["treatMissingData"][]).map(
    (treatMissingData) => decideState(periods(text), { evaluationPeriods: 3, datapointsToAlarm, treatMissingData }),
  );

// The two tables of the CloudWatch user guide, "How alarm state is evaluated when data is missing".
test.each([
  ["0-X-X", ["OK", "OK", "OK", "OK"]],
  ["----0", ["OK", "OK", "OK", "OK"]],
  ["-----", ["INSUFFICIENT_DATA", "retain", "ALARM", "OK"]],
  ["0XX-X", ["ALARM", "ALARM", "ALARM", "ALARM"]],
  ["--X--", ["ALARM", "retain", "ALARM", "OK"]],
])("%s of 3 periods that must all breach is as the guide's table says", (text, states) => {
  expect(decide(text, 3)).toEqual(states);
});

test.each([
  ["0-X-X", ["ALARM", "ALARM", "ALARM", "ALARM"]],
  ["00X0X", ["ALARM", "ALARM", "ALARM", "ALARM"]],
  ["0-X--", ["OK", "OK", "ALARM", "OK"]],
  ["----0", ["OK", "OK", "ALARM", "OK"]],
  ["---X-", ["ALARM", "retain", "ALARM", "OK"]],
])("%s of 3 periods of which 2 must breach is as the guide's table says", (text, states) => {
  expect(decide(text, 2)).toEqual(states);
});

// The same page, "Avoiding premature transitions to alarm state".
test.each(["----X", "---X-"])(
  "%s of 3 periods that must all breach is no alarm yet: the next may not breach",
  (text) => {
    expect(decide(text, 3)).toEqual(["OK", "OK", "ALARM", "OK"]);
  },
);

test("with all data there, how missing data is taken does not matter", () => {
  for (const treatMissingData of MISSING_DATA) {
    const rule = { evaluationPeriods: 2, datapointsToAlarm: 1, treatMissingData };
    expect(decideState(periods("X00"), rule)).toBe("OK");
    expect(decideState(periods("0X0"), rule)).toBe("ALARM");
  }
});
