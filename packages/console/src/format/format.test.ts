import fc from "fast-check";
import { expect, test } from "vitest";
import { formatBytes } from "./bytes.ts";
import { codeParts } from "./code-parts.ts";
import { inertText } from "./inert.ts";
import { layOutJson } from "./lay-out-json.ts";
import { formatAgo, formatSeconds, formatTime } from "./time.ts";

test("what a browser would act on, or not show, stands there as its code", () => {
  expect(inertText("a\u202Eb\u0000\u200B\u001B[31m")).toBe("a⟨U+202E⟩b⟨U+0000⟩⟨U+200B⟩⟨U+001B⟩[31m");
  expect(inertText("line\n\ttab\r\n<b>é漢</b>")).toBe("line\n\ttab\r\n<b>é漢</b>");
  expect(inertText("\uD800")).toBe("⟨U+D800⟩");
});

test("JSON is laid out without a change to what it says, and its parts joined are it again", () => {
  fc.assert(
    fc.property(fc.json(), (json) => {
      const laidOut = layOutJson(json) ?? "";
      expect(JSON.parse(laidOut)).toEqual(JSON.parse(json));
      const parts = codeParts(laidOut);
      expect(parts.map(({ text }) => text).join("")).toBe(laidOut);
    }),
  );
});

test("numbers stay as they were written, and names, texts, numbers and words are told apart", () => {
  const laidOut = layOutJson('{"id":12345678901234567890,"a":[1.0e5,"x:1",true],"b":{},"c":[]}');
  expect(laidOut).toBe(
    '{\n  "id": 12345678901234567890,\n  "a": [\n    1.0e5,\n    "x:1",\n    true\n  ],\n  "b": {},\n  "c": []\n}',
  );
  const kinds = codeParts('{"a": [1, "x", null]}').flatMap(({ kind, text }) => (kind ? [[kind, text]] : []));
  expect(kinds).toEqual([
    ["name", '"a"'],
    ["number", "1"],
    ["string", '"x"'],
    ["word", "null"],
  ]);
  expect(layOutJson("{a: 1}")).toBeUndefined();
});

test("ten thousand levels are laid out at once, and a mebibyte in the time of a glance", () => {
  expect(layOutJson(`${"[".repeat(5_000)}1${"]".repeat(5_000)}`)?.length).toBeLessThan(1_000_000);
  const began = performance.now();
  layOutJson(JSON.stringify({ items: Array.from({ length: 50_000 }, (_, index) => ({ index, text: "ten bytes." })) }));
  expect(performance.now() - began).toBeLessThan(3_000);
});

test("times, durations and sizes are short", () => {
  const nowMs = Date.UTC(2026, 0, 31, 12);
  expect([formatAgo(nowMs - 3 * 60_000, nowMs), formatAgo(nowMs, nowMs), formatAgo(nowMs + 7_200_000, nowMs)]).toEqual([
    "3 min. ago",
    "now",
    "in 2 hr.",
  ]);
  expect(formatTime(nowMs)).toBe("2026-01-31 12:00:00 UTC");
  expect([45, 720, 10_800, 432_000].map(formatSeconds)).toEqual(["45 s", "12 min", "3 h", "5 d"]);
  expect([512, 12_595, 1_048_576].map(formatBytes)).toEqual(["512 B", "12.3 KiB", "1 MiB"]);
});
