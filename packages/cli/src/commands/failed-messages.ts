import { styleText } from "node:util";
import type { FailureDetail, FailureFilter, FailurePage, FailureState } from "@reliq/core/recovery";
import { confirm, needText } from "../ask.ts";
import { CommandError } from "../command-error.ts";
import { describeEnds, judgeEnds, printAnswer, showTime } from "../print-answer.ts";
import { formatTable } from "../print-table.ts";
import { readArgument, readAttributes } from "../read-attributes.ts";
import { type ApiOptions, callApi, partOptions } from "../recovery-client.ts";
import { safeLine, safeText } from "../safe-text.ts";

interface ListOptions extends ApiOptions, FailureFilter {
  readonly state?: FailureState;
  readonly limit?: number;
  readonly after?: string;
  readonly whole?: boolean;
}

interface EditOptions extends ApiOptions {
  readonly body?: string;
  /** JSON. */
  readonly attributes?: string;
  /** Needed where what is edited was shown with masks. */
  readonly ifVersion?: number;
  readonly send?: boolean;
}

/** `reliq failures list`: failed messages that recovery keeps, newest first. */
export async function listFailures(given: ListOptions): Promise<void> {
  const { options, input } = partOptions(given);
  printAnswer(options, await callApi(options, "list-failures", input), describePage);
}

/** `reliq failures show <failure>`: one message whole: why it died, what was decided, and its content. */
export async function showFailure(failure: string, options: ApiOptions & { readonly whole?: boolean }): Promise<void> {
  const input = { failure, ...(options.whole && { whole: true }) };
  printAnswer(options, await callApi(options, "get-failure", input), describeFailure);
}

/** `reliq failures edit <failure>`: another body or other attributes, given as text or as `@file`. */
export async function editFailure(failure: string, options: EditOptions): Promise<void> {
  const { body, attributes, ifVersion, send } = options;
  if (body === undefined && attributes === undefined) {
    throw new CommandError("What is changed? Give --body, --attributes, or both.");
  }
  const edit = {
    failure,
    ...(body !== undefined && { body: readArgument(body) }),
    ...(attributes !== undefined && { attributes: readAttributes(attributes) }),
    ...(ifVersion !== undefined && { version: ifVersion }),
    ...(send && { send: true }),
  };
  const edited = await callApi(options, "edit-failure", edit);
  printAnswer(options, edited, ({ diff, sent, notSentBecause }) => {
    if (diff.length === 0 && !send) return "Nothing is changed: the content is the same.";
    const held = notSentBecause ?? `reliq redrive start --queue ${edited.failure.queue} sends it.`;
    const sentLine = sent ? "It is sent." : `It is held: ${safeLine(held, 200)}`;
    return [...diff.map((line) => `  ${safeLine(line, 200)}`), sentLine].join("\n");
  });
}

/** `reliq failures heal|hold <failure...>` */
export async function changeFailures(
  name: "heal-failures" | "hold-failures",
  failures: readonly string[],
  options: ApiOptions,
): Promise<void> {
  const { ends } = await callApi(options, name, { failures });
  printAnswer(options, ends, (each) => describeEnds(each, name === "heal-failures" ? "sent" : "held"));
  judgeEnds(ends);
}

/** `reliq failures discard <failure...>`: gives messages up, for a reason. */
export async function discardFailures(
  failures: readonly string[],
  options: ApiOptions & { readonly reason?: string; readonly yes?: boolean },
): Promise<void> {
  const missing = "Why are they given up? Say it with --reason TEXT: the audit keeps it.";
  const reason = await needText(options.reason, "Why are they given up? The audit keeps it:", missing, options);
  await confirm(`Give up ${failures.length} ${failures.length === 1 ? "message" : "messages"} for good?`, options);
  const { ends } = await callApi(options, "discard-failures", { failures, reason });
  printAnswer(options, ends, (each) => describeEnds(each, "discarded"));
  judgeEnds(ends);
}

/** A page of failed messages as a table. */
export function describePage({ failures, next }: FailurePage): string {
  const rows = failures.map(({ id, state, cause, reason, deaths, heals, capturedAtMs }) => [
    safeLine(id),
    state,
    cause,
    safeLine(`${reason.errorName}: ${reason.message}`, 50),
    deaths,
    heals,
    showTime(capturedAtMs),
  ]);
  const table = formatTable(
    ["failure", "state", "cause", "reason", "deaths", "heals", "captured"],
    rows,
    "No failed messages.",
  );
  return next === undefined ? table : `${table}\n${styleText("dim", `More: --after ${next}`)}`;
}

function describeFailure({ failure, body, bodyCut, masked, attempts }: FailureDetail): string {
  const { id, state, version, cause, evidence, inferred, reason, rule, because, changes, deaths, heals, archive } =
    failure;
  return [
    `${styleText("bold", safeLine(id, 200))}: ${state}, version ${version}`,
    `  died      ${deaths} times, healed ${heals} times, last ${showTime(failure.diedAtMs)}`,
    `  cause     ${cause}${inferred ? " (inferred)" : ""}: ${safeLine(evidence, 200)}`,
    `  reason    ${reason.category}: ${safeLine(`${reason.errorName}: ${reason.message}`, 300)}`,
    `  decided   rule ${rule}: ${safeLine(because, 200)}`,
    `  group     ${safeLine(`${failure.queue}:${reason.fingerprint}`, 200)}`,
    ...attempts.map(
      ({ receiveCount, failedAtMs, reason: why, requestId = "", logGroup = "", logs = `${logGroup} ${requestId}` }) =>
        `  attempt ${receiveCount} ${showTime(failedAtMs)} ${safeLine(`${why.errorName}: ${why.message}`, 120)} ${styleText("dim", logs.trim())}`,
    ),
    ...Object.entries(failure.attributes).map(
      ([name, { dataType, stringValue }]) =>
        `  attribute ${safeLine(name)} (${safeLine(dataType)}): ${safeLine(stringValue ?? "bytes", 200)}`,
    ),
    ...changes.map(({ kind, by, diff }) => `  ${kind} by ${safeLine(by)}: ${safeLine(diff.join("; "), 200)}`),
    ...(masked ? [`  masked    ${safeLine(masked.join(", "), 200)}: an approver sees their values`] : []),
    ...(archive ? [`  archived  s3://${archive.bucket}/${safeLine(archive.key, 300)}`] : []),
    `  body      ${failure.bodyBytes} bytes${bodyCut ? ", its beginning (--whole shows all)" : ""}`,
    safeText(body),
  ].join("\n");
}
