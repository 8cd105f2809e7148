import { Deferral } from "@reliq/core";
import { expect, test } from "vitest";
import type { FailureMode } from "./failure-mode.ts";
import { eventsConsumer } from "./processor.ts";

/** How the handler ends with a failure mode and a throw of the dice, and what it did. */
async function handle(mode: FailureMode, random: number): Promise<{ readonly did: string[]; readonly error: unknown }> {
  const did: string[] = [];
  const ports = {
    effect: async () => void did.push("effect"),
    fulfil: async (_: unknown, { isSlow }: { readonly isSlow: boolean }) => void did.push(isSlow ? "slow" : "fulfil"),
    notices: { tell: async () => void did.push("tell") },
    mode: async () => mode,
    random: () => random,
    log: () => undefined,
  };
  const context = {
    messageId: "m-1",
    queue: "events",
    attributes: {},
    receiveCount: 1,
    signal: new AbortController().signal,
    log: () => undefined,
  };
  const { handle: work } = eventsConsumer(ports, 600);
  const working = (async () => work({ orderId: "o-1", amount: 1 }, context))();
  const error = await working.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return { did, error };
}

test("an event is handed on, has its effect and is told of, in this order", async () => {
  expect(await handle("none", 0)).toEqual({ did: ["fulfil", "effect", "tell"], error: undefined });
  expect((await handle("slow_downstream", 0)).did[0]).toBe("slow");
});

test("of a hundred throws of the dice thirty fail by random_fail_p30, before anything is done", async () => {
  expect(await handle("random_fail_p30", 0.29)).toMatchObject({ did: [], error: { name: "Error" } });
  expect((await handle("random_fail_p30", 0.3)).error).toBeUndefined();
});

test("poison_payload fails as a schema error that is not tried again", async () => {
  expect(await handle("poison_payload", 0.9)).toMatchObject({
    did: [],
    error: { name: "SchemaValidationError", category: "validation" },
  });
});

test("an event that is deferred because the service behind is in trouble waits the longer the more receives it has spent", async () => {
  const waits = async (receiveCount: number): Promise<unknown> => {
    const ports = {
      effect: async () => undefined,
      fulfil: () => Promise.reject(new Deferral("The breaker of fulfilment is open.", { retryAfterSeconds: 12 })),
      notices: { tell: async () => undefined },
      mode: async () => "none" as const,
      random: () => 0,
      log: () => undefined,
    };
    const { signal } = new AbortController();
    const log = (): void => undefined;
    const context = { messageId: "m-1", queue: "events", attributes: {}, receiveCount, signal, log };
    const work = async (): Promise<void> =>
      void (await eventsConsumer(ports, 600).handle({ orderId: "o-1", amount: 1 }, context));
    return work().catch((error: Deferral) => error.retryAfterSeconds);
  };
  expect(await Promise.all([1, 2, 3, 4, 5].map(waits))).toEqual([12, 20, 40, 60, 60]);
});
