import { styleText } from "node:util";
import type { Approval, ApprovalState } from "@reliq/core/recovery";
import { printAnswer, showTime } from "../print-answer.ts";
import { formatTable } from "../print-table.ts";
import { type ApiOptions, callApi } from "../recovery-client.ts";
import { safeLine } from "../safe-text.ts";

/** `reliq approvals list`: what waits for another person, unless another state is asked for. */
export async function listApprovals(options: ApiOptions & { readonly state: ApprovalState }): Promise<void> {
  const answer = await callApi(options, "list-approvals", { state: options.state });
  printAnswer(options, answer, ({ approvals }) =>
    formatTable(
      ["approval", "state", "what", "messages", "asked by", "until"],
      approvals.map(({ id, state, says, count, by, expiresAtMs }) => [
        safeLine(id),
        state,
        safeLine(says, 60),
        count,
        safeLine(by),
        showTime(expiresAtMs),
      ]),
      `No approval is ${options.state}.`,
    ),
  );
}

/** `reliq approvals show <approval>` */
export async function showApproval(approval: string, options: ApiOptions): Promise<void> {
  printAnswer(options, await callApi(options, "get-approval", { approval }), describeApproval);
}

/** `reliq approvals approve <approval>`: does what another person asked for; exits 1 where it could not be done. */
export async function approveApproval(approval: string, options: ApiOptions): Promise<void> {
  const decided = await callApi(options, "approve-approval", { approval });
  printAnswer(options, decided, describeApproval);
  if (decided.state === "failed") process.exitCode = 1;
}

/** `reliq approvals refuse <approval> --reason <text>` */
export async function refuseApproval(
  approval: string,
  options: ApiOptions & { readonly reason: string },
): Promise<void> {
  const input = { approval, reason: options.reason };
  printAnswer(options, await callApi(options, "refuse-approval", input), describeApproval);
}

function describeApproval(approval: Approval): string {
  const { id, state, says, count, limit, by, askedAtMs, expiresAtMs, decidedBy, reason, outcome, diff = [] } = approval;
  return [
    `${styleText("bold", safeLine(id))}: ${state}`,
    `  what      ${safeLine(says, 200)}: ${count} messages, above ${limit}`,
    ...diff.map((line) => `            ${safeLine(line, 200)}`),
    `  asked     by ${safeLine(by, 200)}, ${showTime(askedAtMs)}`,
    ...(state === "pending" ? [`  until     ${showTime(expiresAtMs)}`] : []),
    ...(decidedBy === undefined ? [] : [`  decided   by ${safeLine(decidedBy, 200)}`]),
    ...(reason === undefined ? [] : [`  because   ${safeLine(reason, 300)}`]),
    ...(outcome === undefined ? [] : [`  outcome   ${safeLine(outcome, 300)}`]),
  ].join("\n");
}
