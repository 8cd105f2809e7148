import { styleText } from "node:util";
import { formatPlaces } from "./accounts.ts";
import { describeLedger } from "./describe-ledger.ts";
import type { MeteredAccount } from "./metered-accounts.ts";
import { showTime } from "./print-answer.ts";

/** Accounts by metrics, each with a mark, and with what of it is approximate. */
export function formatMetered(accounts: readonly MeteredAccount[]): string {
  if (accounts.length === 0) return "";
  const notes = [MARK, ...(accounts.every((each) => each.isRecoveryCounted) ? [] : [NOT_ASKED])];
  return [...accounts.map(formatOne), ...notes.map((note) => styleText("dim", note))].join("\n");
}

const MARK =
  "≈ is by CloudWatch's metrics and SQS's attributes: approximate, and up to 15 minutes late. What expired, was purged, or was moved by hand they do not tell. The other numbers are exact.";
const NOT_ASKED =
  "What recovery keeps is not known, what it captured counts as discarded, and no ledger was read: name recovery's API with --api URL or RELIQ_API.";

function formatOne(balance: MeteredAccount): string {
  const { queue, accepted, difference, sinceMs, ledger, wrong } = balance;
  const mark = wrong === undefined ? styleText("green", "✓") : styleText("red", "✗");
  const places = formatPlaces(balance, (place) => (balance.approximate.includes(place) ? "≈ " : ""));
  const rest = difference === 0 ? "" : ` + in none of these ≈ ${difference}`;
  const lines = [
    `${mark} ${queue} since ${showTime(sinceMs)}: accepted ≈ ${accepted} = ${places}${rest}${wrong === undefined ? "" : `: ${wrong}`}`,
    formatLately(balance),
    ...ledger.flatMap((each) => `by its producers' ledger, exact: ${describeLedger(each)}`.split("\n")),
  ];
  return lines.join("\n    ");
}

/** What is settled of the metrics, which the mark is by. */
function formatLately({ lately }: MeteredAccount): string {
  if (!lately)
    return "its messages were not at rest twice in the last day: its metrics do not say whether one is missing";
  const { fromMs, toMs, sent, missing } = lately;
  const what = missing < 0 ? `${-missing} more deleted than sent: some twice` : `${missing} missing`;
  return `settled, at rest from ${showTime(fromMs)} to ${showTime(toMs)}: sent ≈ ${sent}, ${what}`;
}
