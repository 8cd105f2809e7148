import { styleText } from "node:util";
import type { ApiAnswers, ApiRequests, FailureFilter } from "@reliq/core/recovery";
import { CommandError } from "../command-error.ts";
import { judgeEnds, printAnswer } from "../print-answer.ts";
import { type ApiOptions, callApi, partOptions } from "../recovery-client.ts";
import { safeLine } from "../safe-text.ts";

interface RepairOptions extends ApiOptions, Omit<FailureFilter, "state"> {
  readonly repair: string;
  readonly group?: string;
  /** Whether it is done; else it is only shown. */
  readonly apply?: boolean;
  readonly send?: boolean;
}

/**
 * `reliq failures repair [failure...] --repair <name>`: what a registered repair would change in held messages, line by line; with `--apply` it
 * does, and exits 1 where it does not apply to one that was named.
 */
export async function repairFailures(failures: readonly string[], given: RepairOptions): Promise<void> {
  const { options, input: asked } = partOptions(given);
  const { repair, group, apply = false, send = false, ...filter } = asked;
  const input = { repair, ...scopeOf(failures, group, filter) };
  if (!apply) {
    if (send) throw new CommandError("--send goes with --apply: without it nothing is changed, and nothing sent.");
    return printAnswer(options, await callApi(options, "preview-repair", input), describePreview);
  }
  const { ends } = await callApi(options, "apply-repair", { ...input, ...(send && { send }) });
  printAnswer(options, ends, describeRepaired);
  if (failures.length > 0) judgeEnds(ends);
}

/** One grammar for all: some by their ids, those of a group, or what a filter finds. */
function scopeOf(
  failures: readonly string[],
  group: string | undefined,
  filter: Omit<FailureFilter, "state">,
): Omit<ApiRequests["preview-repair"], "repair"> {
  const named = [failures.length > 0, group !== undefined, Object.keys(filter).length > 0].filter(Boolean);
  if (named.length !== 1) {
    throw new CommandError(
      "Which messages? Name them by their ids, by --group, or by a filter such as --queue: one of the three.",
    );
  }
  if (failures.length > 0) return { failures };
  return group === undefined ? { filter } : { group };
}

function describePreview({ messages }: ApiAnswers["preview-repair"]): string {
  const fits = messages.filter(({ diff }) => diff !== undefined).length;
  if (messages.length === 0) return styleText("dim", "No held messages.");
  return [
    ...messages.flatMap(({ failure, diff, because }) => describeOne(failure, diff, because)),
    `${fits} of ${messages.length} would be repaired.${fits > 0 ? " Nothing is changed yet: --apply does it, --apply --send also sends them." : ""}`,
  ].join("\n");
}

function describeRepaired(ends: ApiAnswers["apply-repair"]["ends"]): string {
  if (ends.length === 0) return styleText("dim", "No held messages.");
  return ends
    .flatMap((end) => {
      if (end.kind === "refused") return describeOne(end.id, undefined, end.because);
      const done = end.sent === true ? "repaired and sent" : "repaired";
      const why = end.notSentBecause === undefined ? "" : `, not sent: ${safeLine(end.notSentBecause, 200)}`;
      return [`${styleText("green", done)} ${safeLine(end.id, 200)}${why}`, ...linesOf(end.diff ?? [])];
    })
    .join("\n");
}

function describeOne(failure: string, diff: readonly string[] | undefined, because = ""): readonly string[] {
  const id = safeLine(failure, 200);
  if (diff === undefined) return [`${styleText("dim", "left as it is")} ${id}: ${safeLine(because, 200)}`];
  return [styleText("bold", id), ...linesOf(diff)];
}

function linesOf(diff: readonly string[]): readonly string[] {
  return diff.map((line) => `  ${safeLine(line, 200)}`);
}
