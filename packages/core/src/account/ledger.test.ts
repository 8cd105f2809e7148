import { expect, test } from "vitest";
import { memoryFailureStore } from "../../testing/memory-failure-store.ts";
import { memoryJournal } from "../../testing/memory-journal.ts";
import { memoryQuarantine } from "../../testing/memory-quarantine.ts";
import { freeMark } from "../model/group-mark.ts";
import type { SetAsideMessage } from "../quarantine/set-aside-message.ts";
import { ledgerAccount } from "./ledger.ts";

const QUEUE = "orders.fifo";

const aside = (place: string): SetAsideMessage => ({
  queue: QUEUE,
  group: "g",
  place,
  lineage: `l-${place}`,
  messageId: `m-${place}`,
  body: "{}",
  attributes: {},
  sentAtMs: 0,
  setAsideAtMs: 0,
});

test("what waits behind a failed message of its group is set aside and not open; what was sent again since is", async () => {
  const quarantine = memoryQuarantine();
  const mark = {
    ...freeMark(QUEUE, "g"),
    version: 1,
    phase: "releasing",
    last: "3",
    through: "2",
    setAside: 3,
  } as const;
  await quarantine.commit({ before: undefined, after: mark, messages: ["1", "2", "3"].map(aside) });
  const messages = ["1", "2", "3", "4"].map((place) => ({ lineage: `l-${place}`, messageId: `m-${place}` }));
  const ledger = { messages: async () => ({ messages, more: false }) };
  const ports = { journal: memoryJournal(), store: memoryFailureStore({ now: () => 0 }), quarantine };
  const account = await ledgerAccount(QUEUE, { fromMs: 0, toMs: 1 }, ledger, ports);
  expect(account).toMatchObject({ accepted: 4, setAside: 1, open: { count: 3, ids: ["m-1", "m-2", "m-4"] } });
});
