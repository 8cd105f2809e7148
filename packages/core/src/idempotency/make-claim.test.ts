import { expect, test } from "vitest";
import { anyBody, memoryJournal, sampleMessage, samplePorts } from "../../testing/index.ts";
import { NEVER } from "../../testing/never.ts";
import { consume } from "../consume.ts";
import { consumer } from "../consumer.ts";

const MINUTE_MS = 60_000;

test.each(["any", "transactional"] as const)(
  "a handler that outlasts ttlSeconds leaves a key that is remembered: %s",
  async (effect) => {
    const journal = memoryJournal();
    let nowMs = 1_000_000;
    const orders = consumer({
      name: "orders",
      schema: anyBody,
      effect,
      idempotency: { key: () => "one", ttlSeconds: 60 },
      handle: () => {
        nowMs += 5 * MINUTE_MS;
        return { writes: [] };
      },
    });
    const receive = async (messageId: string): Promise<string | undefined> => {
      const leaseUntilMs = nowMs + 10 * MINUTE_MS;
      const delivery = { messages: [sampleMessage({ messageId })], signal: NEVER, deadline: NEVER, leaseUntilMs };
      return (await consume(orders, delivery, samplePorts({ journal, now: () => nowMs })))[0]?.outcome.kind;
    };
    expect(await receive("m-1")).toBe("processed");
    expect((await journal.read(["orders#one"]))[0]?.expiresAtMs).toBe(nowMs + MINUTE_MS);
    if (effect === "any") expect(await receive("m-2")).toBe("duplicate");
  },
);
