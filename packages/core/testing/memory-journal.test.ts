import { describe, test } from "vitest";
import { CLAIM_CONTRACT, JOURNAL_CONTRACT, memoryJournal } from "./index.ts";

describe("the journal in memory", () => {
  test.each([...JOURNAL_CONTRACT, ...CLAIM_CONTRACT])("$behaviour", ({ check }) =>
    check(memoryJournal(), { unique: "orders", nowMs: Date.now() }),
  );
});
