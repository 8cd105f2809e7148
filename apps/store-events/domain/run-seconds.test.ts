import { expect, test } from "vitest";
import { runSeconds } from "./run-seconds.ts";

test.each<[string, unknown, string | undefined, number]>([
  ["five seconds by default", {}, undefined, 5],
  ["as the environment says", {}, "3", 3],
  ["as the event says, before the environment", { seconds: 1.5 }, "3", 1.5],
  ["five seconds without any event", null, "", 5],
])("a round runs %s", (_, event, environment, seconds) => {
  expect(runSeconds(event, environment)).toBe(seconds);
});

test.each<[string, unknown, string | undefined, string]>([
  [
    "a text in the event",
    { seconds: "2" },
    undefined,
    'the event\'s `seconds` is "2"; it takes a number above 0, up to 60.',
  ],
  ["longer than the function has", { seconds: 61 }, undefined, "the event's `seconds` is 61; it takes"],
  ["no time at all", { seconds: 0 }, undefined, "the event's `seconds` is 0; it takes"],
  ["a word in the environment", {}, "five", 'RUN_SECONDS is "five"; it takes a number above 0, up to 60.'],
])("a round refuses %s, by its value", (_, event, environment, message) => {
  expect(() => runSeconds(event, environment)).toThrow(message);
});
