import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import type { NamedAccount } from "./accounts.ts";
import { formatView } from "./region-view.ts";

function accountOf(queue: string, processed: number): NamedAccount {
  const none = { waiting: 0, inFlight: 0, deadLettered: 0, discarded: 0, expired: 0, movedAway: 0, difference: 0 };
  return { queue, accepted: processed, processed, ...none };
}

/** The bars of the live table, as a terminal without colours shows them. */
function barsOf(...accounts: NamedAccount[]): readonly string[] {
  const lines = stripVTControlCharacters(formatView({ accounts, deaths: [] })).split("\n");
  return lines.filter((line) => line.includes("█"));
}

test("the bar of one queue needs no name", () => {
  expect(barsOf(accountOf("orders", 3))).toEqual(["█".repeat(60)]);
});

test("bars of several queues are named, and begin below each other; a queue without messages has none", () => {
  expect(barsOf(accountOf("a", 1), accountOf("orders.fifo", 2), accountOf("empty", 0))).toEqual([
    `a            ${"█".repeat(60)}`,
    `orders.fifo  ${"█".repeat(60)}`,
  ]);
});
