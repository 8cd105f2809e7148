import { styleText } from "node:util";
import type { Account } from "@reliq/core";

/** The length of a bar, characters. */
const LENGTH = 60;

/** What a bar is made of, from left to right: places, colour, character. */
const PARTS = [
  [["processed"], "green", "█"],
  [["inFlight"], "yellow", "▒"],
  [["waiting"], "blue", "░"],
  [["deadLettered"], "red", "█"],
  [["discarded", "expired", "movedAway"], "gray", "▁"],
] as const;

/** A queue's messages drawn as one bar: processed, in flight, waiting, dead, gone. Each place that has messages shows. */
export function messageBar(account: Account): string {
  if (account.accepted === 0) return "";
  return PARTS.map(([places, colour, character]) => {
    const messages = places.reduce((sum, place) => sum + account[place], 0);
    const length = messages > 0 ? Math.max(1, Math.round((messages / account.accepted) * LENGTH)) : 0;
    return styleText(colour, character.repeat(length));
  }).join("");
}
