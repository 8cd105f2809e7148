import { Deferral } from "@reliq/core";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { endOf } from "../../test/end-of-call.ts";
import { type Downstream, downstream } from "./downstream.ts";
import type { BreakerChange } from "./options.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const refused = (): Promise<never> => Promise.reject(Object.assign(new Error("no route"), { code: "ECONNREFUSED" }));
const never = (): Promise<never> => new Promise(() => {});
const fine = async (): Promise<string> => "ok";

async function failTimes(payments: Downstream, times: number): Promise<void> {
  for (let each = 0; each < times; each++) await expect(payments.call(refused)).rejects.toThrow();
}

describe("a breaker", () => {
  const breaker = { consecutiveFailures: 3, openSeconds: 30 };

  test("that is open defers, until it tries again, and the work does not run", async () => {
    const payments = downstream("payments", { breaker });
    await failTimes(payments, 3);
    expect([payments.isOpen(), payments.state()]).toEqual([true, "open"]);
    await vi.advanceTimersByTimeAsync(10_500);
    const work = vi.fn(fine);
    const error = await payments.call(work).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Deferral);
    expect(error).toMatchObject({ retryAfterSeconds: 20, message: "The breaker of payments is open." });
    expect(work).not.toHaveBeenCalled();
  });

  test("opens only after failures in a row", async () => {
    const payments = downstream("payments", { breaker });
    await failTimes(payments, 2);
    await payments.call(fine);
    await failTimes(payments, 2);
    expect(payments.state()).toBe("closed");
  });

  test("opens at a ratio of failures, and not before there are enough calls", async () => {
    const payments = downstream("payments", { breaker: { failureRatio: 0.5, ofCalls: 4 } });
    await failTimes(payments, 3);
    expect(payments.state()).toBe("closed");
    await payments.call(fine);
    expect(payments.state()).toBe("closed");
    await failTimes(payments, 1);
    expect(payments.state()).toBe("open");
  });

  test("lets one call try when its time is over; an intake that waits for it goes on", async () => {
    const payments = downstream("payments", { breaker, timeoutSeconds: 5 });
    await failTimes(payments, 3);
    await vi.advanceTimersByTimeAsync(30_000);
    expect([payments.isOpen(), payments.state()]).toEqual([false, "half-open"]);
    const first = Promise.withResolvers<string>();
    const calls = [payments.call(() => first.promise), payments.call(fine), payments.call(fine)];
    expect(await endOf(Promise.race(calls))).toBe("pending");
    first.resolve("back");
    expect(await Promise.all(calls)).toEqual(["back", "ok", "ok"]);
    expect(payments.state()).toBe("closed");
  });

  test("that tries in vain is open again, and those who waited are deferred", async () => {
    const payments = downstream("payments", { breaker });
    await failTimes(payments, 3);
    await vi.advanceTimersByTimeAsync(30_000);
    const waiting = vi.fn(fine);
    const ends = await Promise.allSettled([payments.call(refused), payments.call(waiting)]);
    expect(ends).toMatchObject([{ reason: { name: "DependencyFailure" } }, { reason: { retryAfterSeconds: 30 } }]);
    expect(waiting).not.toHaveBeenCalled();
    expect(payments.isOpen()).toBe(true);
  });

  test("never says to come back in no time", async () => {
    const payments = downstream("payments", { breaker });
    await failTimes(payments, 3);
    await vi.advanceTimersByTimeAsync(29_999);
    await expect(payments.call(fine)).rejects.toMatchObject({ retryAfterSeconds: 1 });
  });

  test("tells of each change", async () => {
    const changes: BreakerChange[] = [];
    const payments = downstream("payments", { breaker, onChange: (change) => changes.push(change) });
    await failTimes(payments, 3);
    await vi.advanceTimersByTimeAsync(30_000);
    await payments.call(fine);
    expect(changes).toEqual(["open", "half-open", "closed"].map((state) => ({ downstream: "payments", state })));
  });

  test("does not count what the caller aborted, but does not take it for an answer either", async () => {
    const payments = downstream("payments", { breaker: { consecutiveFailures: 1, openSeconds: 30 } });
    const abort = async (): Promise<void> => {
      const caller = new AbortController();
      const call = payments.call(never, { signal: caller.signal });
      caller.abort(new Error("the worker ends"));
      await expect(call).rejects.toThrow("the worker ends");
      await vi.advanceTimersByTimeAsync(0);
    };
    await abort();
    expect(payments.state()).toBe("closed");
    await failTimes(payments, 1);
    await vi.advanceTimersByTimeAsync(30_000);
    await abort();
    expect(payments.state()).toBe("open");
  });
});
