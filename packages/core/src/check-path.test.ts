import { expect, test } from "vitest";
import { memoryJournal } from "../testing/index.ts";
import { runBatch } from "../testing/run-batch.ts";

test("a consumer with a transactional effect and a journal that commits nothing is refused before any message is touched", async () => {
  const journal = { ...memoryJournal(), commit: undefined };
  const run = runBatch([{ body: "{}" }], { effect: "transactional" }, { journal });
  await expect(run).rejects.toMatchObject({ code: "commit-missing" });
});
