import { expect, test, vi } from "vitest";
import { timeLimit } from "./time-limit.ts";

test("a limit is over after its seconds, and says so", async () => {
  const { signal } = timeLimit(0.02, new AbortController().signal);
  expect(signal.aborted).toBe(false);
  await vi.waitFor(() => expect(signal.aborted).toBe(true));
  expect(signal.reason.message).toBe("the handler's 0.02 seconds are over");
});

test("a limit is over with the batch's, for the batch's reason", () => {
  const batch = new AbortController();
  const { signal, end } = timeLimit(60, batch.signal);
  batch.abort("drained");
  expect(signal.reason).toBe("drained");
  expect(timeLimit(60, batch.signal).signal.aborted).toBe(true);
  end();
});

test("a limit that has ended leaves nothing behind: no timer, no listener", () => {
  vi.useFakeTimers();
  const batch = new AbortController();
  const removed = vi.spyOn(batch.signal, "removeEventListener");
  const { signal, end } = timeLimit(60, batch.signal);
  end();
  expect(vi.getTimerCount()).toBe(0);
  expect(removed).toHaveBeenCalledOnce();
  batch.abort();
  expect(signal.aborted).toBe(false);
  vi.useRealTimers();
});

test("no limit of its own costs nothing: it is the batch's signal itself", () => {
  const { signal } = new AbortController();
  expect(timeLimit(undefined, signal).signal).toBe(signal);
});
