import { Deferral, DependencyFailure, ThrottledFailure, TimeoutFailure, ValidationFailure } from "@reliq/core";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Downstream, downstream } from "./downstream.ts";
import type { BreakerChange, DownstreamOptions } from "./options.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const refused = (): Promise<never> => Promise.reject(Object.assign(new Error("no route"), { code: "ECONNREFUSED" }));
const never = (): Promise<never> => new Promise(() => {});
const fine = async (): Promise<string> => "ok";

/** What a call ends with, where it ends in so many seconds. */
async function endOf(call: Promise<unknown>, withinSeconds = 0): Promise<unknown> {
  let end: unknown = "pending";
  call.then(
    (value) => {
      end = value;
    },
    (error: unknown) => {
      end = error;
    },
  );
  await vi.advanceTimersByTimeAsync(withinSeconds * 1_000);
  return end;
}

async function failTimes(payments: Downstream, times: number): Promise<void> {
  for (let each = 0; each < times; each++) await expect(payments.call(refused)).rejects.toThrow();
}

test("what the work gives is given back", async () => {
  expect(await downstream("payments").call(fine)).toBe("ok");
});

describe("a time limit", () => {
  test("ends a call that hangs, and aborts its signal", async () => {
    let aborted = false;
    const work = ({ signal }: { signal: AbortSignal }): Promise<never> => {
      signal.addEventListener("abort", () => {
        aborted = true;
      });
      return never();
    };
    const call = downstream("payments", { timeoutSeconds: 2 }).call(work);
    expect(await endOf(call, 1.9)).toBe("pending");
    const end = await endOf(call, 0.2);
    expect(end).toBeInstanceOf(TimeoutFailure);
    expect(end).toMatchObject({ message: expect.stringContaining("payments had not answered after 2 s.") });
    expect(aborted).toBe(true);
  });

  test("is over after the call: what the work gave can still be read", async () => {
    const signal = await downstream("payments").call(async (context) => context.signal);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(signal.aborted).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("is 10 seconds where nothing is said", async () => {
    expect(await endOf(downstream("payments").call(never), 9.9)).toBe("pending");
    expect(await endOf(downstream("payments").call(never), 10)).toBeInstanceOf(TimeoutFailure);
  });
});

describe("failures", () => {
  test.each([
    ["a refused connection", Object.assign(new Error("x"), { code: "ECONNREFUSED" }), DependencyFailure],
    ["a 503", Object.assign(new Error("x"), { status: 503 }), DependencyFailure],
    ["a 429", Object.assign(new Error("x"), { status: 429 }), ThrottledFailure],
    [
      "what undici hides in a cause",
      new TypeError("fetch failed", { cause: { code: "UND_ERR_SOCKET" } }),
      DependencyFailure,
    ],
    ["its own timeout", Object.assign(new Error("x"), { name: "TimeoutError" }), TimeoutFailure],
  ])("of the service, such as %s, are thrown as such, with their cause", async (_, cause, kind) => {
    const error = await downstream("payments")
      .call(() => Promise.reject(cause))
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(kind);
    expect(error).toMatchObject({ cause, message: expect.stringMatching(/^payments failed once: /) });
  });

  test.each([
    ["a validation failure", new ValidationFailure("no card")],
    ["a 404", Object.assign(new Error("x"), { status: 404 })],
    ["a bug", new TypeError("x is not a function")],
    ["a text", "boom"],
    ["a deferral", new Deferral("later", { retryAfterSeconds: 60 })],
  ])("of the call itself, such as %s, are thrown as they are, once, and leave the breaker closed", async (_, cause) => {
    const payments = downstream("payments", { retry: {}, breaker: { consecutiveFailures: 1 } });
    let calls = 0;
    const call = payments.call(() => {
      calls++;
      return Promise.reject(cause);
    });
    await expect(call).rejects.toBe(cause);
    expect([calls, payments.state()]).toEqual([1, "closed"]);
  });

  test("are what `isFailure` says", async () => {
    const payments = downstream("payments", { breaker: { consecutiveFailures: 1 }, isFailure: () => true });
    await expect(payments.call(() => Promise.reject(new Error("boom")))).rejects.toBeInstanceOf(DependencyFailure);
    expect(payments.isOpen()).toBe(true);
  });

  test("thrown before any promise are no different", async () => {
    const work = (): never => {
      throw new ValidationFailure("no card");
    };
    await expect(downstream("payments").call(work)).rejects.toBeInstanceOf(ValidationFailure);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("retries", () => {
  test("end with the first success", async () => {
    let calls = 0;
    const call = downstream("payments", { retry: { retries: 2 } }).call(() => (++calls < 3 ? refused() : fine()));
    expect(await endOf(call, 0.4)).toBe("ok");
    expect(calls).toBe(3);
  });

  test("wait longer each time, at most their cap, and end with the last error", async () => {
    vi.spyOn(Math, "random").mockReturnValue(0.999);
    const times: number[] = [];
    const start = Date.now();
    const retry = { retries: 4, baseSeconds: 1, capSeconds: 3 };
    const call = downstream("payments", { retry }).call(() => {
      times.push(Math.round((Date.now() - start) / 1_000));
      return refused();
    });
    expect(await endOf(call, 20)).toMatchObject({
      name: "DependencyFailure",
      message: "payments failed 5 times: Error: no route",
      cause: { code: "ECONNREFUSED" },
    });
    expect(times).toEqual([0, 1, 3, 6, 9]);
    vi.restoreAllMocks();
  });

  test("stop when the breaker opens: what was tried has failed, and is not deferred", async () => {
    let calls = 0;
    const payments = downstream("payments", { retry: { retries: 5 }, breaker: { consecutiveFailures: 2 } });
    const call = payments.call(() => {
      calls++;
      return refused();
    });
    expect(await endOf(call, 10)).toMatchObject({
      name: "DependencyFailure",
      message: expect.stringContaining("2 times"),
    });
    expect(calls).toBe(2);
  });
});

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

describe("a bulkhead", () => {
  test("that is full defers, and lets in whoever comes when there is a place", async () => {
    const payments = downstream("payments", { bulkhead: { concurrent: 1, waiting: 1 } });
    const first = Promise.withResolvers<string>();
    const calls = [payments.call(() => first.promise), payments.call(fine)];
    const error = await payments.call(fine).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Deferral);
    expect(error).toMatchObject({ message: "As many calls to payments are at work as may be.", retryAfterSeconds: 5 });
    first.resolve("first");
    expect(await Promise.all(calls)).toEqual(["first", "ok"]);
    expect(await payments.call(fine)).toBe("ok");
  });

  test("does not open the breaker", async () => {
    const options: DownstreamOptions = {
      bulkhead: { concurrent: 1 },
      breaker: { consecutiveFailures: 1 },
      timeoutSeconds: 1,
    };
    const payments = downstream("payments", options);
    const slow = payments.call(() => new Promise((done) => setTimeout(done, 500)));
    await expect(payments.call(fine)).rejects.toBeInstanceOf(Deferral);
    await endOf(slow, 1);
    expect(payments.state()).toBe("closed");
  });
});

describe("a caller that aborts", () => {
  const aborted = async (options: DownstreamOptions, work: () => Promise<unknown>): Promise<unknown> => {
    const caller = new AbortController();
    const payments = downstream("payments", options);
    if (options.bulkhead) payments.call(never).catch(() => {});
    const call = payments.call(work, { signal: caller.signal });
    await endOf(call, 0.01);
    caller.abort(new Error("over"));
    return endOf(call);
  };

  test("waits neither for the work nor for a retry nor for a place", async () => {
    const over = new Error("over");
    expect(await aborted({}, never)).toEqual(over);
    expect(await aborted({ retry: { baseSeconds: 100, capSeconds: 100 } }, refused)).toEqual(over);
    expect(await aborted({ bulkhead: { concurrent: 1, waiting: 1 } }, fine)).toEqual(over);
  });

  test("starts no work afterwards", async () => {
    const work = vi.fn(refused);
    await aborted({ retry: { baseSeconds: 1 } }, work);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(work).toHaveBeenCalledTimes(1);
    await expect(downstream("payments").call(work, { signal: AbortSignal.abort() })).rejects.toThrow();
    expect(work).toHaveBeenCalledTimes(1);
  });
});

test.each([
  [{ timeoutSeconds: 0 }, "option `timeoutSeconds` is 0; it takes a number of seconds over 0, at most 900."],
  [{ timeout: 5 }, "there is no option `timeout`"],
  [{ retry: 3 }, "option `retry` is 3; it takes `{ retries: 2"],
  [{ retry: { attempts: 3 } }, 'downstream("payments") retry: there is no option `attempts`'],
  [{ retry: { retries: 0 } }, "a whole number from 1 to 10."],
  [{ breaker: { failureRatio: 1 } }, "a number over 0 and under 1."],
  [{ breaker: { ofCalls: 10 } }, "give `consecutiveFailures`, or `failureRatio` with `ofCalls`."],
  [{ breaker: { failureRatio: 0.5, consecutiveFailures: 2 } }, "give `consecutiveFailures`, or"],
  [{ bulkhead: {} }, "option `concurrent` is undefined; it takes a whole number from 1 to 10000."],
  [{ isFailure: true }, "option `isFailure` is true; it takes a function."],
])("options %j are refused with what they take", (options, says) => {
  const refusal = expect.objectContaining({ code: "downstream-option", message: expect.stringContaining(says) });
  expect(() => downstream("payments", options as DownstreamOptions)).toThrow(refusal);
});

test.each(["", "my payments", 5])("a name of %j is refused", (name) => {
  expect(() => downstream(name as string)).toThrow("a name is 1 to 80 letters");
});
