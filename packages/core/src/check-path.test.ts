import { expect, test } from "vitest";
import { runBatch } from "../testing/run-batch.ts";

test("a consumer with a transactional effect and nothing to commit it with is refused before any message is touched", async () => {
  const run = runBatch([{ body: "{}" }], { effect: "transactional" }, { effects: undefined as never });
  await expect(run).rejects.toMatchObject({ code: "port-missing" });
});

test("messages of a FIFO queue are refused where nothing keeps the order of their groups, and taken where the consumer does not care", async () => {
  const ports = { groups: undefined as never };
  const messages = [{ body: "{}", groupId: "g", sequenceNumber: "1" }];
  await expect(runBatch(messages, {}, ports)).rejects.toMatchObject({ code: "port-missing" });
  expect((await runBatch(messages, { order: "none" }, ports)).outcomes).toEqual([{ kind: "processed" }]);
});
