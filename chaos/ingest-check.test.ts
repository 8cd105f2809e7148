import { expect, test } from "vitest";
import { checkIngest, type IngestHistory } from "./ingest-check.ts";

const WHOLE: IngestHistory = {
  posted: new Map([
    ["o-1", { amount: 1, messageIds: new Set(["m-1"]) }],
    ["o-2", { amount: 2, messageIds: new Set<string>() }],
  ]),
  effects: [{ orderId: "o-1", amount: 1 }],
  fulfilled: new Map([["o-1", new Set(["{}"])]]),
};

test("a run that kept its promises has no violation, also where what was never acknowledged has no effect", () => {
  expect(checkIngest(WHOLE)).toEqual([]);
  const late = { orderId: "o-2", amount: 2 };
  expect(checkIngest({ ...WHOLE, effects: [...WHOLE.effects, late] })).toEqual([]);
});

test.each<[string, Partial<IngestHistory>, "doubled" | "lost"]>([
  ["an effect that is not there", { effects: [] }, "lost"],
  ["the effect of another event", { effects: [{ orderId: "o-1", amount: 2 }] }, "lost"],
  ["a service behind that was never asked", { fulfilled: new Map() }, "lost"],
  ["two answers", { posted: new Map([["o-1", { amount: 1, messageIds: new Set(["m-1", "m-2"]) }]]) }, "doubled"],
  ["two effects", { effects: [...WHOLE.effects, ...WHOLE.effects] }, "doubled"],
  ["an effect of nothing", { effects: [...WHOLE.effects, { orderId: "o-3", amount: 1 }] }, "doubled"],
  ["two contents under one key", { fulfilled: new Map([["o-1", new Set(["{}", "[]"])]]) }, "doubled"],
])("%s is found", (_, change, kind) => {
  expect(checkIngest({ ...WHOLE, ...change }).map((each) => each.kind)).toEqual([kind]);
});
