import { expect, test } from "vitest";
import { runBatch } from "../testing/run-batch.ts";

test("a consumer with a transactional effect and nothing to commit it with is refused before any message is touched", async () => {
  const run = runBatch([{ body: "{}" }], { effect: "transactional" }, { effects: undefined as never });
  await expect(run).rejects.toMatchObject({ code: "port-missing" });
});
