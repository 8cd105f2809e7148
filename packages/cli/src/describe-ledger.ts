import type { LedgerAccount } from "@reliq/core/recovery";
import { showTime } from "./print-answer.ts";
import { safeLine } from "./safe-text.ts";

/** Where the messages of a ledger are, and which are open, in a few lines. */
export function describeLedger({
  queue,
  fromMs,
  toMs,
  accepted,
  processed,
  failed,
  setAside,
  open,
  doubtful,
  more,
}: LedgerAccount): string {
  const places = Object.entries({ ...failed, "set aside": setAside }).filter(([, count]) => count > 0);
  const sum = [["processed", processed], ...places, ["open", open.count]].map(([name, count]) => `${name} ${count}`);
  return [
    `${safeLine(queue)} from ${showTime(fromMs)} to ${showTime(toMs)}: accepted ${accepted} = ${sum.join(" + ")}`,
    ...(open.count === 0
      ? []
      : [`  open: ${open.ids.join(", ")}${open.more > 0 ? `, and ${open.more} more` : ""}`, OPEN_MEANS]),
    ...(doubtful === 0 ? [] : [`  ${doubtful} more were entered, and are not known to be sent.`]),
    ...(more ? ["  There are more messages: name a shorter time."] : []),
  ].join("\n");
}

const OPEN_MEANS =
  "  Each is on the queue or in its dead-letter queue; where these are empty, it expired or was deleted by hand.";
