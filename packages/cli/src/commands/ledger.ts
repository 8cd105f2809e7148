import type { LedgerAccount } from "@reliq/core/recovery";
import { printAnswer, showTime } from "../print-answer.ts";
import { type ApiOptions, callApi } from "../recovery-client.ts";
import { safeLine } from "../safe-text.ts";

interface LedgerOptions extends ApiOptions {
  readonly from?: string;
  readonly to?: string;
}

/** `reliq account ledger <queue>`: where the messages are that its producers entered; on AWS as in the local region. */
export async function ledger(queue: string, { from, to, ...options }: LedgerOptions): Promise<void> {
  const time = {
    ...(from !== undefined && { fromMs: readTime(from) }),
    ...(to !== undefined && { toMs: readTime(to) }),
  };
  printAnswer(options, await callApi(options, "get-ledger", { queue, ...time }), describeLedger);
}

/** What is no time is refused by the API, by name. */
function readTime(text: string): number {
  return /^\d+$/.test(text) ? Number(text) : Date.parse(text);
}

function describeLedger({
  queue,
  fromMs,
  toMs,
  accepted,
  processed,
  failed,
  open,
  doubtful,
  more,
}: LedgerAccount): string {
  const places = Object.entries(failed).filter(([, count]) => count > 0);
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
