import { describeLedger } from "../describe-ledger.ts";
import { printAnswer } from "../print-answer.ts";
import { type ApiOptions, callApi } from "../recovery-client.ts";

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
