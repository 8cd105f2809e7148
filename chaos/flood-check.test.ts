import type { Alert } from "@reliq/core/recovery";
import { sampleGroup } from "@reliq/core/testing";
import { expect, test } from "vitest";
import { checkFlood, type Flood, type ToldAlert } from "./flood-check.ts";

function told(atMs: number, kind: Alert["kind"], count: number, incident = "g@0"): ToldAlert {
  return { atMs, alert: { kind, count, incident, title: `${kind} ${count}` } as Alert };
}

const FLOOD: Flood = {
  messages: 2,
  alertWindowSeconds: 60,
  alerts: [
    told(0, "failures", 1),
    told(1_000, "healing-disarmed", 0),
    told(61_000, "failures", 3),
    told(150_000, "all-clear", 0),
  ],
  groups: [sampleGroup({ healing: "disarmed", deaths: 4 })],
  states: { held: 2 },
  errors: [],
};

test("a flood that was one alert from its begin to its all-clear is as it should be", () => {
  expect(checkFlood(FLOOD)).toEqual([]);
});

test.each<[string, string, Partial<Flood>]>([
  ["a message that is not held", "lost", { states: { held: 1, requeued: 1 } }],
  ["a second group", "doubled", { groups: [...FLOOD.groups, ...FLOOD.groups] }],
  ["healing that is not disarmed", "broken", { groups: [sampleGroup({ deaths: 4 })] }],
  ["an error", "broken", { errors: ["no"] }],
  ["a death that nobody was told of", "lost", { groups: [sampleGroup({ healing: "disarmed", deaths: 5 })] }],
  ["a second alert", "doubled", { alerts: [...FLOOD.alerts.slice(0, 3), told(150_000, "all-clear", 0, "g@1")] }],
  ["an all-clear that was none", "doubled", { alerts: [...FLOOD.alerts, ...FLOOD.alerts.slice(3)] }],
  ["no all-clear", "doubled", { alerts: FLOOD.alerts.slice(0, 3) }],
  ["two counts within a window", "doubled", { alerts: FLOOD.alerts.map((each) => ({ ...each, atMs: each.atMs / 4 })) }],
  ["disarming that was not told", "broken", { alerts: FLOOD.alerts.filter((_, index) => index !== 1) }],
])("%s is found", (_, kind, change) => {
  expect(checkFlood({ ...FLOOD, ...change }).map((violation) => violation.kind)).toEqual([kind]);
});
