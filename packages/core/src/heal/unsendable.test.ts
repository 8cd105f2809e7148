import { expect, test } from "vitest";
import { memoryFailureStore, sampleAudit, sampleFailure } from "../../testing/index.ts";
import type { FailedMessage, RecoverPorts, WakeUp } from "../recovery/index.ts";
import { sendAgain } from "./send-again.ts";

const attribute = { dataType: "String", stringValue: "x" };
const ten = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`a${index}`, attribute]));

test.each<[string, Partial<FailedMessage>, string]>([
  ["ten attributes of its producer", { attributes: ten }, "it has 10 attributes, and SQS takes 10"],
  ["a body that leaves no room", { bodyBytes: 1_048_576 }, "and SQS takes 1048576: make its body smaller"],
])("a message with %s is held with the reason before it is sent, once and for all", async (_, changes, why) => {
  const store = memoryFailureStore();
  const failure = sampleFailure({ state: "healing", dueAtMs: 0, ...changes });
  const audit = sampleAudit({ chain: failure.queue });
  await store.commit({ failures: [{ before: undefined, after: failure }], audit });
  const reminders: WakeUp[] = [];
  const ports = {
    store,
    resend: { send: () => Promise.reject(new Error("it was sent")) },
    wakeUps: {
      add: async (added: readonly { wakeUp: WakeUp }[]) => void reminders.push(...added.map(({ wakeUp }) => wakeUp)),
    },
    now: () => Date.UTC(2026, 1, 1, 12),
  } as unknown as RecoverPorts;
  const ends = await sendAgain([failure], { via: "heal", by: "reliq" }, ports);
  expect(ends.map(({ kind }) => kind)).toEqual(["unsendable"]);
  const [held] = await store.failures([failure.id]);
  expect(held).toMatchObject({
    state: "held",
    alert: true,
    sends: failure.sends,
    because: expect.stringContaining(why),
  });
  expect(reminders.map(({ kind }) => kind)).toEqual(["alert"]);
});
