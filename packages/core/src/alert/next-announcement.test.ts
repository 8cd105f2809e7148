import { expect, test } from "vitest";
import { sampleGroup } from "../../testing/failure-samples.ts";
import type { FailureGroup } from "../failure/failure-group.ts";
import type { AlertState } from "./alert-state.ts";
import { nextAnnouncement, type QuietFacts } from "./next-announcement.ts";

const FACTS: QuietFacts = { windowMs: 60_000, longestMs: 300_000, underWay: false };

function groupAt(change: Partial<FailureGroup>): FailureGroup {
  return { ...sampleGroup(), deaths: 20, lastSeenAtMs: 0, healing: "armed", state: "open", ...change };
}

/** Told of 20 deaths at the time 0. */
function told(change: Partial<AlertState> = {}): AlertState {
  const told = { openedAtMs: 0, announcedAtMs: 0, announcedDeaths: 20, announcedDisarmed: false };
  return { group: sampleGroup().id, state: "open", version: 2, ...told, ...change };
}

test("what died within the window is told at its end, and not before", () => {
  const group = groupAt({ deaths: 320, lastSeenAtMs: 59_000 });
  expect(nextAnnouncement(group, told(), FACTS, 59_999)).toEqual({ kind: "wait", untilMs: 60_000 });
  expect(nextAnnouncement(group, told(), FACTS, 60_000)).toMatchObject({
    kind: "tell",
    what: "failures",
    count: 300,
    before: { openedAtMs: 0, announcedDeaths: 320 },
  });
});

test("a quiet window is no all-clear while a message may still take longer to die", () => {
  const group = groupAt({ lastSeenAtMs: 10_000 });
  expect(nextAnnouncement(group, told(), FACTS, 60_000)).toMatchObject({ kind: "look-again", untilMs: 310_000 });
  expect(nextAnnouncement(group, told(), FACTS, 310_000)).toMatchObject({ kind: "tell", what: "all-clear" });
});

test("whoever looks before the time that was agreed on leaves it to the one who was reminded", () => {
  const group = groupAt({});
  expect(nextAnnouncement(group, told({ lookAtMs: 90_000 }), FACTS, 89_000)).toEqual({
    kind: "wait",
    untilMs: 90_000,
  });
});

test("an all-clear waits for messages that are on their way, a day at most", () => {
  const group = groupAt({});
  const underWay = { ...FACTS, underWay: true };
  expect(nextAnnouncement(group, told(), underWay, 400_000)).toMatchObject({
    kind: "look-again",
    untilMs: 460_000,
    after: { lookAtMs: 460_000, version: 3 },
  });
  expect(nextAnnouncement(group, told(), underWay, 86_400_000)).toMatchObject({ kind: "tell", what: "all-clear" });
});

test("a death while it is quiet is told of at once, of the same problem", () => {
  const group = groupAt({ deaths: 21, lastSeenAtMs: 70_000 });
  expect(nextAnnouncement(group, told({ lookAtMs: 400_000 }), FACTS, 70_000)).toMatchObject({
    kind: "tell",
    what: "failures",
    count: 1,
    before: { openedAtMs: 0 },
  });
});

test("an acknowledged group is told nothing until its all-clear, and of what comes after that", () => {
  const group = groupAt({ state: "acknowledged", deaths: 50, healing: "disarmed" });
  expect(nextAnnouncement(group, told(), FACTS, 60_000)).toMatchObject({ kind: "look-again" });
  expect(nextAnnouncement(group, told(), FACTS, 400_000)).toMatchObject({ kind: "tell", what: "all-clear", count: 30 });
  const clear = told({ state: "clear", announcedDeaths: 50, announcedDisarmed: true });
  expect(nextAnnouncement(group, clear, FACTS, 500_000)).toEqual({ kind: "nothing" });
  expect(nextAnnouncement({ ...group, deaths: 51 }, clear, FACTS, 500_000)).toMatchObject({
    kind: "tell",
    what: "failures",
    count: 1,
    before: { openedAtMs: 500_000 },
  });
});

test("an ignored group is closed without a word", () => {
  const group = groupAt({ state: "ignored", deaths: 50 });
  expect(nextAnnouncement(group, told(), FACTS, 400_000)).toMatchObject({ kind: "close", after: { state: "clear" } });
});
