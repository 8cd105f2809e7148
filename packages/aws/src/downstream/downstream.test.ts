import { Deferral, DependencyFailure, ThrottledFailure, TimeoutFailure, ValidationFailure } from "@reliq/core";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { endOf } from "../../test/end-of-call.ts";
import { downstream } from "./downstream.ts";
import type { DownstreamOptions } from "./options.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const refused = (): Promise<never> => Promise.reject(Object.assign(new Error("no route"), { code: "ECONNREFUSED" }));
const never = (): Promise<never> => new Promise(() => {});
const fine = async (): Promise<string> => "ok";

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
