import { styleText } from "node:util";
import type { AuditCheck, OrderAudit } from "@reliq/core/recovery";
import { printAnswer, showTime } from "../print-answer.ts";
import { formatTable } from "../print-table.ts";
import { type ApiOptions, callApi } from "../recovery-client.ts";
import { safeLine } from "../safe-text.ts";

/** `reliq audit list`: the chains, or a queue's entries from a sequence number on. */
export async function listAudit(
  options: ApiOptions & { readonly queue?: string; readonly from?: number },
): Promise<void> {
  const { queue, from } = options;
  if (queue === undefined) {
    return printAnswer(options, await callApi(options, "list-chains", {}), ({ chains }) =>
      formatTable(
        ["queue", "entries"],
        chains.map(({ chain, sequence }) => [chain, sequence]),
        "No audit yet.",
      ),
    );
  }
  const page = await callApi(options, "list-audit", { chain: queue, ...(from !== undefined && { from }) });
  printAnswer(options, page, ({ entries }) =>
    formatTable(
      ["#", "when", "who", "what", "messages"],
      entries.map(({ sequence, atMs, by, action, subjects }) => [
        sequence,
        showTime(atMs),
        safeLine(by, 60),
        action,
        safeLine(subjects.join(" "), 60),
      ]),
      "No entries.",
    ),
  );
}

/** `reliq audit verify`: whether the chains are as they were written; exits 1 where one is not. */
export async function verifyChains(options: ApiOptions & { readonly queue?: string }): Promise<void> {
  const { queue } = options;
  const { checks } = await callApi(options, "verify-audit", queue === undefined ? {} : { chain: queue });
  printAnswer(options, checks, (each) => each.map(describeCheck).join("\n") || "No audit yet.");
  if (checks.some(({ ok }) => !ok)) process.exitCode = 1;
}

/** `reliq audit order --queue <name>`: failed messages that had their effect after a newer one of their group; exits 1 where there is one. */
export async function auditOrder(options: ApiOptions & { readonly queue: string }): Promise<void> {
  const audit = await callApi(options, "audit-order", { queue: options.queue });
  printAnswer(options, audit, describeOrder);
  if (audit.outOfOrder.length > 0) process.exitCode = 1;
}

function describeOrder({ queue, messages, groups, more, outOfOrder }: OrderAudit): string {
  const seen = `${messages} failed messages of ${groups} groups looked at${more ? ", the newest" : ""}`;
  if (outOfOrder.length === 0) return `${styleText("green", "in order")} ${queue}: ${seen}.`;
  const rows = outOfOrder.map(({ failure, group, place, overtakenBy, state }) => [
    safeLine(failure),
    safeLine(group),
    place,
    overtakenBy,
    state,
  ]);
  const table = formatTable(["message", "group", "its place", "overtaken by", "state"], rows, "");
  return `${styleText("red", "out of order")} ${queue}: ${seen}.\n${table}`;
}

function describeCheck(check: AuditCheck): string {
  if (check.ok) return `${styleText("green", "verified")} ${check.chain}: ${check.head?.sequence ?? 0} entries`;
  return `${styleText("red", "broken")} ${check.chain} at entry ${check.sequence}: ${check.problem}`;
}
