import { styleText } from "node:util";
import type { BacktestReport, FailureExplanation, FailureFilter } from "@reliq/core/recovery";
import { CommandError } from "../command-error.ts";
import { needPolicy, readPolicyFile } from "../policy-file.ts";
import { printAnswer } from "../print-answer.ts";
import { formatTable } from "../print-table.ts";
import { type ApiOptions, callApi, partOptions } from "../recovery-client.ts";
import { safeLine } from "../safe-text.ts";

/** `reliq policy check <file>`: what is wrong in a policy, with file, line and column. It needs no API. */
export function checkPolicyFile(file: string, options: { readonly json?: boolean }): void {
  const { problems } = readPolicyFile(file);
  if (options.json) console.log(JSON.stringify({ problems }, undefined, 2));
  else if (problems.length === 0) console.log(styleText("green", `${file} can be used.`));
  if (problems.length === 0) return;
  if (options.json) process.exitCode = 1;
  else throw new CommandError(problems.join("\n"));
}

/** `reliq policy explain <failure>`: rule by rule, what the policy in force or a given one makes of a message. */
export async function explainPolicy(
  failure: string,
  options: ApiOptions & { readonly policy?: string },
): Promise<void> {
  const policy = options.policy === undefined ? {} : { policy: needPolicy(options.policy) };
  printAnswer(options, await callApi(options, "explain-policy", { failure, ...policy }), describeExplanation);
}

/** `reliq policy backtest <file>`: what a candidate would make of stored history. */
export async function backtestPolicy(
  file: string,
  given: ApiOptions & FailureFilter & { readonly limit?: number },
): Promise<void> {
  const { options, input } = partOptions(given);
  const report = await callApi(options, "backtest-policy", { ...input, policy: needPolicy(file) });
  printAnswer(options, report, describeBacktest);
}

function describeExplanation({ failure, decided, decision, trace }: FailureExplanation): string {
  return [
    `${styleText("bold", safeLine(failure, 200))}: ${decided.state}, by rule ${decided.rule}: ${safeLine(decided.because, 200)}`,
    ...trace.map(
      ({ rule, matched, because }) => `  ${matched ? styleText("green", "✓") : "·"} ${rule}: ${safeLine(because, 200)}`,
    ),
    `It would be ${decision.to}${decision.alert ? ", with an alert" : ""}: ${safeLine(decision.because, 200)}`,
  ].join("\n");
}

function describeBacktest({ looked, changed, more, candidate, history, samples }: BacktestReport): string {
  const ends = ["healed", "rePoisoned", "archived", "held", "alerted"] as const;
  const rows = ends.map((end) => [end === "rePoisoned" ? "  of these re-poisoned" : end, history[end], candidate[end]]);
  const shown = ends.flatMap((end) =>
    samples[end].map(
      (each) => `  ${end}: ${safeLine(each.failure)} ${each.was} → ${each.becomes}: ${safeLine(each.because, 120)}`,
    ),
  );
  const scope = `${looked} messages${more ? ", the newest; --limit looks at more" : ""}; ${changed} would be treated otherwise.`;
  return [formatTable(["", "was", "would be"], rows, ""), scope, ...shown].join("\n");
}
