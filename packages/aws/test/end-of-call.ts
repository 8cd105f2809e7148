import { vi } from "vitest";

/** What a call ends with, where it ends in so many seconds of faked time; else `"pending"`. */
export async function endOf(call: Promise<unknown>, withinSeconds = 0): Promise<unknown> {
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
