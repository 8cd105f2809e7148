import type { FlowEdge } from "@reliq/core/recovery";
import { expect, test } from "vitest";
import { deathsOn, type SystemFacts } from "./flow-deaths.tsx";

const WAY: FlowEdge = { from: "s/orders", to: "s/dead", kind: "deadLetters" };
const ORDERS = { name: "orders", system: "s" };

function facts(states: Partial<SystemFacts["totals"][number]["states"]> | undefined, deadLettered = 0): SystemFacts {
  const none = { held: 0, healing: 0, requeued: 0, resolved: 0, archived: 0, discarded: 0 };
  const account = { accepted: 9, processed: 0, waiting: 0, inFlight: 0, deadLettered, expired: 0, discarded: 0 };
  const rest = { movedAway: 0, difference: 0 };
  return {
    hasApi: true,
    queues: [{ queue: "orders", account: { ...account, ...rest } }],
    totals: states ? [{ system: "s", queue: "orders", states: { ...none, ...states }, deaths: 9, sends: 0 }] : [],
  };
}

test("a way to a dead-letter queue counts each message that died once, and leads to them", () => {
  expect(deathsOn(WAY, ORDERS, facts({ held: 2, resolved: 3 }))).toEqual({
    count: 5,
    says: "5 messages died on orders: 2 held, 0 healing",
    waits: true,
    href: "/failures?system=s&queue=orders",
  });
  const unlisted = { ...facts({ held: 1 }), hasApi: false };
  expect(deathsOn(WAY, ORDERS, unlisted)).toMatchObject({ count: 1, href: "/queues/orders" });
  expect(deathsOn(WAY, ORDERS, facts({ resolved: 1 }))).toMatchObject({ count: 1, waits: false });
});

test("without recovery it is what lies in the dead-letter queue; a way on which nothing died has no mark", () => {
  expect(deathsOn(WAY, ORDERS, facts(undefined, 4))).toMatchObject({ count: 4, waits: true, href: "/queues/orders" });
  expect(deathsOn(WAY, ORDERS, facts(undefined))).toBeUndefined();
  expect(deathsOn(WAY, ORDERS, facts({}))).toBeUndefined();
  expect(deathsOn({ ...WAY, kind: "invokes" }, ORDERS, facts({ held: 1 }))).toBeUndefined();
});
