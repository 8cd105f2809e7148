import { sampleGroup } from "@reliq/core/testing";
import { expect, test } from "vitest";
import { checkFlood, type Flood } from "./flood-check.ts";

test("a flood that was told too often, split, lost or healed on is found", () => {
  const flood: Flood = {
    messages: 2,
    alerts: [],
    groups: [sampleGroup(), sampleGroup()],
    states: { held: 1 },
    errors: ["e"],
  };
  expect(new Set(checkFlood(flood).map(({ kind }) => kind))).toEqual(new Set(["lost", "doubled", "broken"]));
});
