import { expect, test } from "vitest";
import { mergeWakeUps } from "./merge-wake-ups.ts";
import type { WakeUp } from "./recover-ports.ts";

const send = (...ids: string[]): WakeUp => ({ kind: "send", failures: ids.map((id) => ({ id, sends: 0 })) });
const observe = (round: number, ...failures: string[]): WakeUp => ({ kind: "observe", failures, round });
const alert = (group: string): WakeUp => ({ kind: "alert", group });

test("wake-ups that do the same become one, and each says which it stands for", () => {
  const wakeUps = [
    alert("g"),
    send("a", "b"),
    observe(0, "x"),
    alert("g"),
    send("b", "c"),
    observe(1, "x"),
    alert("h"),
  ];
  expect(mergeWakeUps(wakeUps)).toEqual([
    { wakeUp: alert("g"), of: [0, 3] },
    { wakeUp: send("a", "b", "c"), of: [1, 4] },
    { wakeUp: observe(0, "x"), of: [2] },
    { wakeUp: observe(1, "x"), of: [5] },
    { wakeUp: alert("h"), of: [6] },
  ]);
});

test("a send that was decided at another time, or that has to be in turn, stays alone", () => {
  const later: WakeUp = { kind: "send", failures: [{ id: "a", sends: 1 }] };
  const inTurn: WakeUp = { kind: "send", failures: [{ id: "b", sends: 0 }], then: [{ id: "c", sends: 0 }] };
  expect(mergeWakeUps([send("a"), later, inTurn]).map(({ of }) => of)).toEqual([[0], [1], [2]]);
});

test("no wake-up gets more than 100 ids", () => {
  const ids = Array.from({ length: 60 }, (_, index) => `m-${index}`);
  const merged = mergeWakeUps([send(...ids), send(...ids.map((id) => `${id}b`)), send("z")]);
  expect(merged.map(({ of }) => of)).toEqual([[0, 2], [1]]);
});
