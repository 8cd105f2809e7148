import { ValidationFailure } from "@reliq/core";
import { expect, test } from "vitest";
import { getFailure } from "../src/api/answer-failures.ts";
import { redriveTrial } from "./redrive-trial.ts";

const PATIENCE = { timeout: 60_000, interval: 200 };

test("a message whose consumer failed fast is shown with its attempts and their stacks, again after it died once more", async () => {
  const { ports, store, send } = await redriveTrial({
    failFast: true,
    policy: {
      rules: [{ name: "once more", when: { deaths: { below: 2 } }, then: ["heal"] }],
      backoff: { baseSeconds: 1, capSeconds: 1 },
    },
    handle: () => {
      throw new ValidationFailure("amount: it must be over 0");
    },
  });
  const failure = await send("{}");
  await expect.poll(async () => (await store.failures([failure]))[0]?.deaths, PATIENCE).toBe(2);
  const [record] = await store.failures([failure]);
  expect(record).toMatchObject({ state: "held", attemptedAs: expect.not.stringMatching(record?.messageId ?? "") });
  const options = { ports, policy: { rules: [] }, repairs: [], queues: [], wakeUpQueue: "" };
  const shown = await getFailure({ failure }, { by: "ann", role: "approver" as const, masked: false, options });
  expect(shown.attempts).toMatchObject([
    { reason: { errorName: "ValidationFailure", stack: expect.stringContaining("get-failure.test.ts") } },
  ]);
}, 120_000);
