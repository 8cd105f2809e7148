import { expect, test } from "vitest";
import { parseDuration } from "./parse-duration.ts";

test.each([
  ["300", 300],
  ["300s", 300],
  ["5m", 300],
  ["2h", 7_200],
  ["14d", 1_209_600],
  ["0", 0],
])("%s is %i seconds", (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds);
});

test.each(["", "5 m", "-5", "1.5h", "5min", "m", "5M", "1h30m"])("%j is refused with what can be given", (text) => {
  expect(() => parseDuration(text)).toThrow("It takes seconds, or a number with s, m, h or d: 300, 5m, 2h.");
});
