import { expect, test, vi } from "vitest";
import { answer, useEnvironmentFixture } from "../../test/environment-fixture.ts";
import { systemClock } from "../kernel/clock.ts";
import { jumpingClock } from "../kernel/jumping-clock.ts";

const { environment, texts } = useEnvironmentFixture();
const HOUR_MS = 3_600_000;

/** Milliseconds that a function's time is ahead of the machine's, to the minute. */
const ahead = (time: unknown): number => Math.round((Number(time) - Date.now()) / 60_000) * 60_000 || 0;

test("a function sees the region's time from before its module is loaded, and anew in each invocation", async () => {
  const clock = jumpingClock(systemClock(), HOUR_MS);
  const target = environment(
    {
      "index.mjs": `const loadedAt = Date.now();
        export const handler = async () => ({ loadedAt, now: Date.now(), variables: Object.keys(process.env) });`,
    },
    {},
    clock,
  );
  await target.ready;
  const first = answer(await target.invoke({ requestId: "1", event: "{}", traceId: "" })) as Record<string, unknown>;
  expect([ahead(first["loadedAt"]), ahead(first["now"])]).toEqual([HOUR_MS, HOUR_MS]);
  expect(String(first["variables"])).not.toContain("AHEAD");
  await clock.jump(2 * HOUR_MS);
  const second = answer(await target.invoke({ requestId: "2", event: "{}", traceId: "" })) as Record<string, unknown>;
  expect([ahead(second["loadedAt"]), ahead(second["now"])]).toEqual([HOUR_MS, 3 * HOUR_MS]);
});

test("each way to the time of day is ahead, and dates are dates as ever", async () => {
  const clock = jumpingClock(systemClock(), HOUR_MS);
  const target = environment(
    {
      "index.mjs": `import { types } from "node:util";
        class Day extends Date { get year() { return this.getUTCFullYear(); } }
        const { now } = Date;
        export const handler = async () => ({
          ways: [now(), new Date().getTime(), Date.parse(Date()), new Day().getTime(), new (new Date().constructor)().getTime()],
          fixed: [new Date(0).toISOString(), new Date(2026, 0, 2).toISOString(), Date.UTC(2026, 0), new Day(0).year],
          kinds: [new Date() instanceof Date, types.isDate(new Date()), new Day() instanceof Day, new Day() instanceof Date],
          names: [Date.name, Date.length, Object.prototype.toString.call(new Date()), new Date(0).constructor === Date],
          copied: structuredClone(new Date(5)).getTime(),
        });`,
    },
    {},
    clock,
  );
  await target.ready;
  const seen = answer(await target.invoke({ requestId: "1", event: "{}", traceId: "" })) as Record<string, unknown[]>;
  expect(seen["ways"]?.map(ahead)).toEqual(Array(5).fill(HOUR_MS));
  expect(seen).toMatchObject({
    fixed: ["1970-01-01T00:00:00.000Z", "2026-01-02T00:00:00.000Z", 1_767_225_600_000, 1970],
    kinds: [true, true, true, true],
    names: ["Date", 7, "[object Date]", true],
    copied: 5,
  });
});

test("durations stay the machine's: timers, the performance clock, and what is left of the invocation", async () => {
  const clock = jumpingClock(systemClock(), HOUR_MS);
  const target = environment(
    {
      "index.mjs": `export const handler = async (event, context) => {
        const began = performance.now();
        await new Promise((done) => setTimeout(done, 20));
        return { took: performance.now() - began, origin: performance.timeOrigin, left: context.getRemainingTimeInMillis() };
      };`,
    },
    {},
    clock,
  );
  await target.ready;
  const seen = answer(await target.invoke({ requestId: "1", event: "{}", traceId: "" })) as Record<string, number>;
  expect(seen["took"]).toBeLessThan(5_000);
  expect(ahead(seen["origin"])).toBe(0);
  expect(seen["left"]).toBeGreaterThan(5_000);
  expect(seen["left"]).toBeLessThan(10_000);
});

test("its log lines bear the region's time", async () => {
  const target = environment(
    { "index.mjs": `export const handler = async () => console.log("here");` },
    {},
    jumpingClock(systemClock(), HOUR_MS),
  );
  await target.ready;
  await target.invoke({ requestId: "1", event: "{}", traceId: "" });
  expect(
    ahead(
      Date.parse(
        texts()
          .find((text) => text.endsWith("here"))
          ?.split("\t")[0] ?? "",
      ),
    ),
  ).toBe(HOUR_MS);
});

test("where time does not jump, nothing of Date is touched", async () => {
  const target = environment({
    "index.mjs": `export const handler = async () => [String(Date), String(Date.now), Date.prototype.constructor === Date];`,
  });
  await target.ready;
  const native = (name: string) => `function ${name}() { [native code] }`;
  expect(answer(await target.invoke({ requestId: "1", event: "{}", traceId: "" }))).toEqual([
    native("Date"),
    native("now"),
    true,
  ]);
});

test("a jump ends no process: neither one that runs, nor one that starts", async () => {
  const clock = jumpingClock(systemClock());
  const target = environment(
    {
      "index.mjs": `await new Promise((done) => setTimeout(done, 100));
        export const handler = async () => { await new Promise((done) => setTimeout(done, 100)); return "done"; };`,
    },
    {},
    clock,
  );
  await clock.jump(HOUR_MS);
  await target.ready;
  const running = target.invoke({ requestId: "1", event: "{}", traceId: "" });
  await vi.waitFor(() => expect(texts()).toContainEqual(expect.stringContaining("START")));
  await clock.jump(HOUR_MS);
  expect(answer(await running)).toBe("done");
});
