import { expect, test } from "vitest";
import { checkRun } from "./run-options.ts";

test("a run that says nothing has the defaults", () => {
  expect(checkRun("redrive", { queue: "orders" }, {})).toMatchObject({ maxMessages: 1_000, ramp: [1, 5, 25, 100] });
});

test.each([
  [{ ramp: [] }, "ramp"],
  [{ ramp: [501] }, "ramp"],
  [{ ratePerSecond: 0 }, "ratePerSecond"],
  [{ maxMessages: 1_001 }, "maxMessages"],
  [{ jitterSeconds: 901 }, "jitterSeconds"],
  [{ rampp: [1] }, "rampp"],
])("an option that a run does not take is refused by its name: %j", (options: object, name) => {
  expect(() => checkRun("redrive", { queue: "orders" }, options)).toThrow(
    expect.objectContaining({ code: "run-option", message: expect.stringContaining(name) }),
  );
});

test("a filter without a queue, or with a field that is none, is refused", () => {
  expect(() => checkRun("replay", { queue: "" }, {})).toThrow(expect.objectContaining({ code: "run-filter" }));
  const filter = { queue: "orders", colour: "red" };
  expect(() => checkRun("replay", filter, {})).toThrow(expect.objectContaining({ code: "run-filter" }));
});

test("a FIFO queue takes no jitter", () => {
  expect(() => checkRun("redrive", { queue: "orders.fifo" }, { jitterSeconds: 1 })).toThrow("is a FIFO queue");
});
