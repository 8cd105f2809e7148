import { tryRepair } from "@reliq/core/recovery";
import { sampleFailure } from "@reliq/core/testing";
import { describe, expect, test } from "vitest";
import { missingTimestamp, negativeAmount, REPAIRS, severalFaults, symbolCase } from "./repairs.ts";

const SENT_AT = "2026-11-26T10:00:00.000Z";
const FAILURE = sampleFailure({ sentAtMs: Date.parse(SENT_AT) });
const ORDER = { orderId: "o-1", orderType: "SELL", amount: 50, symbol: "AAPL", timestamp: "2026-11-26T09:59:59Z" };

describe("a repair", () => {
  test("makes a negative amount positive", () => {
    expect(negativeAmount({ ...ORDER, amount: -50 }, FAILURE)).toEqual(ORDER);
    for (const amount of [50, 0, "-50", undefined])
      expect(negativeAmount({ ...ORDER, amount }, FAILURE)).toBeUndefined();
  });

  test("takes the time at which the queue accepted the order for a missing timestamp", () => {
    for (const timestamp of [undefined, null, ""]) {
      expect(missingTimestamp({ ...ORDER, timestamp }, FAILURE)).toEqual({ ...ORDER, timestamp: SENT_AT });
    }
    expect(missingTimestamp({ ...ORDER, timestamp: "soon" }, FAILURE)).toBeUndefined();
  });

  test("writes a symbol as exchanges do, and invents none", () => {
    expect(symbolCase({ ...ORDER, symbol: " aapl " }, FAILURE)).toEqual(ORDER);
    for (const symbol of ["AAPL", undefined, 7]) expect(symbolCase({ ...ORDER, symbol }, FAILURE)).toBeUndefined();
  });

  test("of several faults cures each that is there", () => {
    const { timestamp: _, ...order } = { ...ORDER, amount: -50, symbol: "aapl" };
    expect(severalFaults(order, FAILURE)).toEqual({ ...ORDER, timestamp: SENT_AT });
    expect(severalFaults(ORDER, FAILURE)).toBeUndefined();
  });
});

const named = (name: string) => REPAIRS.find((repair) => repair.name === name) ?? expect.fail(name);
const body = (order: unknown): string => JSON.stringify(order);

test("what a repair changed is recorded, and only what becomes an order is repaired", async () => {
  const repaired = await tryRepair(named("negative-amount"), FAILURE, body({ ...ORDER, amount: -50 }));
  expect(repaired).toMatchObject({ kind: "repaired", diff: ["amount: -50 → 50"] });
  const { symbol: _, ...nameless } = { ...ORDER, amount: -50 };
  for (const { name } of REPAIRS) {
    expect(await tryRepair(named(name), FAILURE, body(nameless)), name).toMatchObject({ kind: "not-applicable" });
    expect(await tryRepair(named(name), FAILURE, body(["AAPL"])), name).toMatchObject({ kind: "not-applicable" });
  }
});
