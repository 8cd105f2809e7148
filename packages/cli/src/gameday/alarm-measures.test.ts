import { expect, test } from "vitest";
import { alarmMeasures } from "./alarm-measures.ts";
import type { AlarmStory } from "./alarm-stories.ts";
import { verdictOf } from "./measures.ts";

const fired = (name: string, change: Partial<AlarmStory> = {}): AlarmStory => ({
  name,
  severity: "critical",
  firedAtMs: [1],
  inAlarm: false,
  ...change,
});

const judge = (asked: readonly string[] | undefined, stories: readonly AlarmStory[], scale = 1): string =>
  verdictOf(alarmMeasures({ asked, alarms: 3, stories, scale }));

test("an alarm that is asked for has to fire and to clear, and no other critical one may fire", () => {
  expect(judge(["errors"], [fired("app-errors")])).toBe("held");
  expect(judge(["errors"], [])).toBe("refuted");
  expect(judge(["errors"], [fired("app-errors", { inAlarm: true })])).toBe("refuted");
  expect(judge(["errors"], [fired("app-errors"), fired("app-backlog")])).toBe("refuted");
  expect(judge(["errors"], [fired("app-errors"), fired("app-latency", { severity: "warning" })])).toBe("held");
});

test("where none is asked for no critical one may fire; where nothing is said any may, and has to clear", () => {
  expect(judge([], [fired("app-errors")])).toBe("refuted");
  expect(judge(undefined, [fired("app-errors")])).toBe("held");
  expect(judge(undefined, [fired("app-errors", { inAlarm: true })])).toBe("refuted");
});

test("what is too small need not fire an alarm", () => {
  expect(judge(["errors"], [], 0.1)).toBe("held");
});
