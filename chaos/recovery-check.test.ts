import { expect, test } from "vitest";
import { checkRecovery, type RecoveredMessage } from "./recovery-check.ts";

const message = (changes: Partial<RecoveredMessage>): RecoveredMessage => ({
  key: "7",
  mode: "plain",
  effects: 1,
  failures: 0,
  ...changes,
});
const record = { state: "resolved", errorName: "DependencyFailure", deaths: 1, body: "7" } as const;
const kinds = (changes: Partial<RecoveredMessage>): string[] =>
  checkRecovery([message(changes)]).map(({ kind }) => kind);

test("what was processed at once, healed, or archived whole is fine", () => {
  expect(kinds({})).toEqual([]);
  expect(kinds({ failures: 3, record })).toEqual([]);
  expect(kinds({ effects: 0, failures: 9, record: { ...record, state: "archived" } })).toEqual([]);
});

test.each([
  ["an effect that happened twice", { effects: 2, failures: 3, record }, "doubled"],
  ["a message without effect and without record", { effects: 0 }, "lost"],
  ["a death without a record", { failures: 2 }, "lost"],
  [
    "an effect of a message that is archived",
    { failures: 9, record: { ...record, state: "archived" as const } },
    "lost",
  ],
  [
    "a message that is still on its way at the end",
    { effects: 0, failures: 3, record: { ...record, state: "requeued" as const } },
    "lost",
  ],
  [
    "a record without a reason",
    { effects: 0, failures: 9, record: { ...record, state: "archived" as const, errorName: "" } },
    "lost",
  ],
  [
    "another body than was sent",
    { effects: 0, failures: 9, record: { ...record, state: "archived" as const, body: "8" } },
    "lost",
  ],
])("%s is found", (_, changes, kind) => {
  expect(kinds(changes)).toContain(kind);
});
