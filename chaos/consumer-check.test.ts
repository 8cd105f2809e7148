import { expect, test } from "vitest";
import { checkConsumer, LONGEST_IN_HAND_MS } from "./consumer-check.ts";
import type { ConsumerHistory, Effect, Hold, Mode, Run, SentMessage } from "./consumer-history.ts";

function find(history: Partial<ConsumerHistory>): string[] {
  const whole = { sent: [], effects: [], runs: [], holds: [], deathsMs: new Map<string, number>(), ...history };
  return checkConsumer(whole).map(({ kind }) => kind);
}

const sent = (mode: Mode, key: string, more: Partial<SentMessage> = {}): SentMessage => ({ mode, key, ...more });
const effect = (mode: Mode, key: string): Effect => ({ mode, key });

function run(mode: Mode, more: Partial<Run> = {}): Run {
  return { mode, key: "a", worker: "w-1", messageId: "m", receiveCount: 1, atMs: 10_000, late: false, ...more };
}

const group = { group: "g" };
const inOrder = ["a", "b", "c"].map((key) => sent("sequence", key, group));
const effects = (...keys: string[]): readonly Effect[] => keys.map((key) => effect("sequence", key));

test("one effect for each message breaks nothing", () => {
  const modes: readonly Mode[] = ["plain", "keyed", "transactional", "sequence"];
  const each = modes.map((mode) => sent(mode, "a"));
  expect(find({ sent: each, effects: each, runs: [run("plain"), run("keyed")] })).toEqual([]);
});

test("a message without its effect is lost, and another mode's effect is not its own", () => {
  expect(find({ sent: [sent("plain", "a")], effects: [effect("keyed", "a")] })).toEqual(["lost"]);
});

test.each(["keyed", "transactional", "sequence"] as const)("each further effect in the mode %s is a double", (mode) => {
  const three = Array<Effect>(3).fill(effect(mode, "a"));
  expect(find({ sent: [sent(mode, "a")], effects: three })).toEqual(["doubled", "doubled"]);
});

test.each(["plain", "keyed"] as const)("a second run in the mode %s that no cut explains is a double", (mode) => {
  const once = { sent: [sent(mode, "a")], effects: [effect(mode, "a")] };
  expect(find({ ...once, runs: [run(mode), run(mode, { worker: "w-2" })] })).toEqual(["doubled"]);
});

const again = [run("keyed"), run("keyed", { worker: "w-2", receiveCount: 2, atMs: 12_000 })];
const keyed = { effects: [effect("keyed", "a")], runs: again };

test("a kill right after an effect explains one more run, and not two", () => {
  const killed = { ...keyed, sent: [sent("keyed", "a")], deathsMs: new Map([["w-1", 10_100]]) };
  expect(find(killed)).toEqual([]);
  expect(find({ ...killed, runs: [...again, run("keyed", { worker: "w-3" })] })).toEqual(["doubled"]);
});

const hold: Hold = { worker: "w-1", messageId: "m", receiveCount: 1, heldMs: 900, longestSilenceMs: 900 };

test("a kill after a message was deleted explains nothing", () => {
  const killed = { ...keyed, sent: [sent("keyed", "a")], deathsMs: new Map([["w-1", 10_100]]) };
  expect(find({ ...killed, holds: [hold] })).toEqual(["doubled"]);
});

test.each(["plain", "keyed"] as const)("in the mode %s a worker that stood still explains its own run", (mode) => {
  const runs = [run(mode), run(mode, { worker: "w-2", receiveCount: 2, atMs: 17_000 })];
  const history = { sent: [sent(mode, "a")], effects: [effect(mode, "a")], runs };
  const still = { ...hold, heldMs: 6_001, longestSilenceMs: 6_001 };
  expect(find({ ...history, holds: [still] })).toEqual([]);
  expect(find({ ...history, holds: [hold] })).toEqual(["doubled"]);
  expect(find({ ...history, holds: [{ ...still, receiveCount: 3 }] })).toEqual(["doubled"]);
});

test("heartbeats that the service heard of keep a plain message, however long it is held", () => {
  const runs = [run("plain"), run("plain", { worker: "w-2", receiveCount: 2 })];
  const history = { sent: [sent("plain", "a")], effects: [effect("plain", "a")], runs };
  expect(find({ ...history, holds: [{ ...hold, heldMs: 20_000, longestSilenceMs: 3_100 }] })).toEqual(["doubled"]);
});

test("a kill long after an effect explains nothing", () => {
  const deathsMs = new Map([["w-1", 10_001 + LONGEST_IN_HAND_MS]]);
  expect(find({ ...keyed, sent: [sent("keyed", "a")], deathsMs })).toEqual(["doubled"]);
});

test("a fault after the effect explains a run, one before it does not", () => {
  const withFault = (when: "before" | "after"): string[] =>
    find({ ...keyed, sent: [sent("keyed", "a", { fault: { kind: "hang", when, receives: 1 } })] });
  expect(withFault("after")).toEqual([]);
  expect(withFault("before")).toEqual(["doubled"]);
});

test("a handler that outlasted its time explains a run", () => {
  const runs = [run("keyed", { late: true }), run("keyed", { worker: "w-2" })];
  expect(find({ ...keyed, runs, sent: [sent("keyed", "a")] })).toEqual([]);
});

test("effects of a group in the order of its messages break nothing, whatever other groups do", () => {
  const other = sent("sequence", "x", { group: "h" });
  expect(find({ sent: [other, ...inOrder], effects: effects("a", "b", "x", "c") })).toEqual([]);
});

test("an effect before an earlier one of its group is out of order", () => {
  expect(find({ sent: inOrder, effects: effects("b", "a", "c") })).toEqual(["outOfOrder"]);
});

test("a late repeat is a double and out of order", () => {
  expect(find({ sent: inOrder, effects: effects("a", "b", "a", "c") })).toEqual(["doubled", "outOfOrder"]);
});

test("a message that was skipped is lost", () => {
  expect(find({ sent: inOrder, effects: effects("a", "c") })).toEqual(["lost"]);
});
